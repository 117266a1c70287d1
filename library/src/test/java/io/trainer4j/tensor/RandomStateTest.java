package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers are those of torch 2.13 in Python. */
class RandomStateTest {
    @Test
    void equalSeedsGivePythonsNumbers() {
        // torch.manual_seed(42); torch.randn(2)
        RandomState.manualSeed(42);
        assertThat(normals(2)).containsExactly(0.33669037f, 0.1288094f);
    }

    @Test
    void permutationIsPythons() {
        // torch.randperm(10, generator=torch.Generator().manual_seed(42))
        assertThat(RandomState.permutation(10, 42)).containsExactly(2, 6, 1, 8, 4, 5, 0, 9, 3, 7);
    }

    @Test
    void permutationLeavesTheDefaultStreamAlone() {
        RandomState.manualSeed(42);
        RandomState.permutation(1000, 7);
        assertThat(normals(2)).containsExactly(0.33669037f, 0.1288094f);
    }

    @Test
    void permutationOfNothingAndOfOne() {
        assertThat(RandomState.permutation(0, 1)).isEmpty();
        assertThat(RandomState.permutation(1, 1)).containsExactly(0);
    }

    @Test
    void restoredStateContinuesTheStream() {
        try (Scope scope = Scope.open()) {
            RandomState.manualSeed(1);
            normals(3);
            Tensor state = RandomState.save();
            assertThat(state.shape()).containsExactly(5056);
            float[] continued = normals(20);
            RandomState.manualSeed(2);
            RandomState.restore(state);
            assertThat(normals(20)).containsExactly(continued);
        }
    }

    /** The bytes behind the CPU's are the GPU's; without one in use they are left out of account. */
    @Test
    void statesAreKeptByDevice(@TempDir Path folder) throws IOException {
        try (Scope scope = Scope.open()) {
            RandomState.manualSeed(1);
            Tensor cpu = RandomState.save();
            Tensor both = torch.cat(new TensorVector(cpu, cpu.narrow(0, 0, 16)), 0);
            assertThat(RandomState.byDevice(cpu)).containsOnlyKeys("cpu");
            assertThat(RandomState.byDevice(both)).containsOnlyKeys("cpu", "cuda");
            assertThat(RandomState.byDevice(both).get("cuda").shape()).containsExactly(16);
            float[] continued = normals(5);
            Path file = folder.resolve("rng_state.safetensors");
            SafetensorsFile.write(file, RandomState.byDevice(both));
            try (SafetensorsFile saved = SafetensorsFile.open(file)) {
                Tensor state = RandomState.ofDevices(saved);
                assertThat(state.shape()).containsExactly(5072);
                RandomState.restore(state);
                assertThat(normals(5)).containsExactly(continued);
            }
        }
    }

    @Test
    void loaderSeedTakesOneNumberAsInPython() {
        // torch.manual_seed(42); torch.empty((), dtype=torch.int64).random_(); torch.rand(2)
        RandomState.manualSeed(42);
        RandomState.drawLoaderSeed();
        try (Scope scope = Scope.open()) {
            assertThat(TensorData.toFloats(torch.rand(2))).containsExactly(0.38286376f, 0.95930564f);
        }
    }

    private static float[] normals(int count) {
        try (Scope scope = Scope.open()) {
            return TensorData.toFloats(torch.randn(count));
        }
    }
}
