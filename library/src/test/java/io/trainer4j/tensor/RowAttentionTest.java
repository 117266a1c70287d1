package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against libtorch's own softmax and products. */
class RowAttentionTest {
    @ParameterizedTest
    @CsvSource({"0, 1, 1", "0, 13, 1", "5, 13, 1", "0, 20, 100"})
    void isTheWeightedMeanOfTheValuesSeen(int from, int to, double spread) {
        RandomState.manualSeed(6);
        int heads = 4;
        int capacity = 20;
        int dim = 16;
        try (Scope scope = Scope.open()) {
            Tensor query = torch.randn(heads, dim).mul(new Scalar(spread));
            Tensor keys = torch.randn(2, capacity, dim);
            Tensor values = torch.randn(2, capacity, dim);
            float[] out = new float[heads * dim];
            TensorMemory keyMemory = TensorMemory.of(keys);
            TensorMemory valueMemory = TensorMemory.of(values);
            new RowAttention(heads, 2, dim, 0.25f)
                    .attend(TensorData.toFloats(query), keyMemory, valueMemory, capacity, from, to, out);
            for (int head = 0; head < heads; head++) {
                Tensor seen = keys.select(0, head / 2).narrow(0, from, to - from);
                Tensor weights = torch.mv(seen, query.select(0, head))
                        .mul(new Scalar(0.25))
                        .softmax(0);
                Tensor expected = torch.mv(
                        values.select(0, head / 2).narrow(0, from, to - from).t(), weights);
                float[] wanted = TensorData.toFloats(expected);
                for (int d = 0; d < dim; d++) {
                    assertThat(out[head * dim + d]).isCloseTo(wanted[d], within(1e-5f));
                }
            }
        }
    }

    @Test
    void gatedSiluIsThatOfLibtorchFromEndToEnd() {
        int count = 4000;
        float[] both = new float[2 * count];
        for (int i = 0; i < count; i++) {
            both[i] = (i - count / 2) / 20f;
            both[count + i] = 1 + i % 7;
        }
        try (Scope scope = Scope.open()) {
            Tensor all = TensorData.floats(both, 2, count);
            float[] expected = TensorData.toFloats(torch.silu(all.select(0, 0)).mul(all.select(0, 1)));
            RowAttention.gatedSilu(both, count);
            for (int i = 0; i < count; i++) {
                assertThat(both[i]).isCloseTo(expected[i], within(1e-6f * (1 + Math.abs(expected[i]))));
            }
        }
    }
}
