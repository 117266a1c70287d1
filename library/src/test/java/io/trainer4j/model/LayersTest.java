package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final int ALL = CausalMasks.UNLIMITED;

    /** 3 and 4 have the root mean square sqrt(12.5). */
    @Test
    void aVectorIsDividedByItsRootMeanSquare() {
        try (Scope scope = Scope.open()) {
            Tensor x = TensorData.floats(new float[] {3, 4, -3, -4}, 2, 2);
            Tensor scale = TensorData.floats(new float[] {1, 2}, 2);
            float root = (float) Math.sqrt(12.5);
            assertThat(TensorData.toFloats(Layers.rmsNorm(x, scale, 0)))
                    .containsExactly(new float[] {3 / root, 8 / root, -3 / root, -8 / root}, within(1e-6f));
            assertThat(TensorData.toFloats(Layers.rmsNorm(TensorData.zeros(1, 2), scale, 1e-6)))
                    .as("epsilon keeps zeros from becoming NaN")
                    .containsExactly(0, 0);
        }
    }

    @Test
    void layerNormHasMeanZeroAndVarianceOne() {
        try (Scope scope = Scope.open()) {
            Tensor one = TensorData.floats(new float[] {1, 1}, 2);
            LayerNorm norm = new LayerNorm(one, TensorData.floats(new float[] {0, 10}, 2), 0);
            assertThat(TensorData.toFloats(norm.apply(TensorData.floats(new float[] {1, 5}, 1, 2))))
                    .containsExactly(new float[] {-1, 11}, within(1e-6f));
        }
    }

    @Test
    void dropoutIsForTrainingOnly() {
        try (Scope scope = Scope.open()) {
            Tensor ones = torch.ones(1000);
            assertThat(Layers.dropout(ones, 0.5, false)).isSameAs(ones);
            assertThat(Layers.dropout(ones, 0, true)).isSameAs(ones);
            RandomState.manualSeed(1);
            float[] dropped = TensorData.toFloats(Layers.dropout(ones, 0.25, true));
            int kept = 0;
            for (float value : dropped) {
                assertThat(value == 0 || Math.abs(value - 4 / 3f) < 1e-6).isTrue();
                kept += value > 0 ? 1 : 0;
            }
            assertThat(kept).isBetween(690, 810);
        }
    }

    @Test
    void headsAreSplitAndJoinedAgain() {
        try (Scope scope = Scope.open()) {
            Tensor x = TensorData.floats(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 1, 2, 4);
            Tensor heads = Layers.splitHeads(x, 2);
            assertThat(heads.shape()).containsExactly(1, 2, 2, 2);
            assertThat(TensorData.toFloats(heads)).containsExactly(0, 1, 4, 5, 2, 3, 6, 7);
        }
    }

    @Test
    void theFirstTokenSeesOnlyItself() {
        try (Scope scope = Scope.open()) {
            RandomState.manualSeed(3);
            Tensor q = torch.randn(1, 2, 4, 8);
            Tensor k = torch.randn(1, 2, 4, 8);
            Tensor v = torch.randn(1, 2, 4, 8);
            Tensor out = Layers.causalAttention(q, k, v, null, ALL, OptionalDouble.empty(), 0);
            assertThat(out.shape()).containsExactly(1, 4, 16);
            float[] first = TensorData.toFloats(out.select(1, 0));
            assertThat(first).containsExactly(TensorData.toFloats(v.select(2, 0)), within(1e-6f));
        }
    }

    @Test
    void attentionIsTheSoftmaxOfScaledProducts() {
        try (Scope scope = Scope.open()) {
            Tensor q = TensorData.floats(new float[] {2, 0}, 1, 1, 1, 2);
            Tensor k = TensorData.floats(new float[] {1, 0, 0, 1}, 1, 1, 2, 2);
            Tensor v = TensorData.floats(new float[] {1, 0, 0, 1}, 1, 1, 2, 2);
            double share = 1 / (1 + Math.exp(-2 / Math.sqrt(2)));
            assertThat(TensorData.toFloats(Layers.attention(q, k, v, null, false, OptionalDouble.empty(), 0)))
                    .containsExactly(new float[] {(float) share, (float) (1 - share)}, within(1e-6f));
            double scaled = 1 / (1 + Math.exp(-2));
            assertThat(TensorData.toFloats(Layers.attention(q, k, v, null, false, OptionalDouble.of(1.0), 0)))
                    .containsExactly(new float[] {(float) scaled, (float) (1 - scaled)}, within(1e-6f));
        }
    }

    @Test
    void keysThatSeveralQueriesShareAreAsIfRepeated() {
        try (Scope scope = Scope.open()) {
            RandomState.manualSeed(4);
            Tensor q = torch.randn(1, 4, 3, 8);
            Tensor k = torch.randn(1, 2, 3, 8);
            Tensor v = torch.randn(1, 2, 3, 8);
            float[] shared = TensorData.toFloats(Layers.causalAttention(q, k, v, null, ALL, OptionalDouble.empty(), 0));
            float[] repeated = TensorData.toFloats(Layers.causalAttention(
                    q,
                    k.repeat_interleave(2, new LongOptional(1), new LongOptional()),
                    v.repeat_interleave(2, new LongOptional(1), new LongOptional()),
                    null,
                    ALL,
                    OptionalDouble.empty(),
                    0));
            assertThat(shared).containsExactly(repeated, within(1e-6f));
        }
    }

    @Test
    void aSingleQuerySeesItsWindowOfTheKeys() {
        try (Scope scope = Scope.open()) {
            RandomState.manualSeed(5);
            Tensor q = torch.randn(1, 1, 1, 4);
            Tensor k = torch.randn(1, 1, 6, 4);
            Tensor v = torch.randn(1, 1, 6, 4);
            float[] windowed = TensorData.toFloats(Layers.causalAttention(q, k, v, null, 2, OptionalDouble.empty(), 0));
            float[] cut = TensorData.toFloats(Layers.causalAttention(
                    q, k.narrow(2, 4, 2), v.narrow(2, 4, 2), null, ALL, OptionalDouble.empty(), 0));
            float[] whole = TensorData.toFloats(Layers.causalAttention(q, k, v, null, 6, OptionalDouble.empty(), 0));
            assertThat(windowed).containsExactly(cut, within(1e-6f));
            assertThat(windowed[0]).isNotEqualTo(whole[0]);
        }
    }
}
