package io.trainer4j.tensor;

import java.util.Arrays;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * PyTorch's process-wide CPU random stream: dropout, initialisation and data order draw from it exactly as they do in
 * Python, so that equal seeds give equal runs.
 */
public final class RandomState {
    private RandomState() {}

    /** Starts the default stream afresh, as {@code torch.manual_seed}. */
    public static void manualSeed(long seed) {
        Engine.load();
        torch.manual_seed(seed);
    }

    /** The state of the default stream as bytes {@code [5056]}, to be written into a checkpoint. */
    public static Tensor save() {
        try (Scope scope = Scope.open()) {
            return scope.keep(torch.getDefaultCPUGenerator().get_state());
        }
    }

    /** Continues the default stream from a saved state. */
    public static void restore(Tensor state) {
        try (Scope scope = Scope.open()) {
            torch.getDefaultCPUGenerator().set_state(state);
        }
    }

    /** Draws the one int64 that every PyTorch data-loader iterator draws when it is created, and drops it. */
    public static void drawLoaderSeed() {
        try (Scope scope = Scope.open()) {
            TensorData.empty(ScalarType.Long, 1).random_();
        }
    }

    /** The order {@code torch.randperm(n)}, drawn from the default stream. */
    public static int[] permutation(int n) {
        try (Scope scope = Scope.open()) {
            return ints(torch.randperm(n));
        }
    }

    /** The order {@code torch.randperm(n, generator=torch.Generator().manual_seed(seed))}. */
    public static int[] permutation(int n, long seed) {
        try (Scope scope = Scope.open()) {
            Generator generator = torch.make_generator_cpu(seed);
            return ints(torch.randperm(n, new GeneratorOptional(generator)));
        }
    }

    private static int[] ints(Tensor values) {
        return Arrays.stream(TensorData.toLongs(values))
                .mapToInt(Math::toIntExact)
                .toArray();
    }
}
