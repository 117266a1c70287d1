package io.trainer4j.tensor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * PyTorch's process-wide random streams: dropout, initialisation and data order draw from that of the CPU exactly as they do
 * in Python, so that equal seeds give equal runs; dropout on a GPU draws from the GPU's own.
 */
public final class RandomState {
    private static final String CPU = "cpu";
    private static final String CUDA = "cuda";
    private static final int CPU_BYTES = 5056;

    private RandomState() {}

    /** Starts the default streams of all devices afresh, as {@code torch.manual_seed}. */
    public static void manualSeed(long seed) {
        Engine.load();
        torch.manual_seed(seed);
    }

    /** The state of the default stream as bytes {@code [5056]}, and behind them that of the GPU where one is in use. */
    public static Tensor save() {
        try (Scope scope = Scope.open()) {
            Tensor cpu = torch.getDefaultCPUGenerator().get_state();
            Generator cuda = Device.cudaGenerator();
            return scope.keep(cuda == null ? cpu : torch.cat(new TensorVector(cpu, cuda.get_state()), 0));
        }
    }

    /** Continues the default streams from a saved state; that of a device which it does not name goes on as it is. */
    public static void restore(Tensor state) {
        try (Scope scope = Scope.open()) {
            long more = state.numel() - CPU_BYTES;
            torch.getDefaultCPUGenerator()
                    .set_state(more == 0 ? state : state.narrow(0, 0, CPU_BYTES).clone());
            Generator cuda = Device.cudaGenerator();
            if (cuda != null && more > 0) {
                cuda.set_state(state.narrow(0, CPU_BYTES, more).clone());
            }
        }
    }

    /** The saved state by device, {@code cpu} and {@code cuda}, to be written into a checkpoint. */
    public static Map<String, Tensor> byDevice(Tensor state) {
        long more = state.numel() - CPU_BYTES;
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put(CPU, more == 0 ? state : state.narrow(0, 0, CPU_BYTES));
        if (more > 0) {
            parts.put(CUDA, state.narrow(0, CPU_BYTES, more));
        }
        return parts;
    }

    /** The state that {@link #byDevice} took apart. */
    public static Tensor ofDevices(SafetensorsFile parts) {
        try (Scope scope = Scope.open()) {
            Tensor cpu = parts.load(CPU);
            return scope.keep(
                    parts.names().contains(CUDA) ? torch.cat(new TensorVector(cpu, parts.load(CUDA)), 0) : cpu);
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
