package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

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
