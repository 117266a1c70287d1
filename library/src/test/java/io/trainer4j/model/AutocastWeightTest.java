package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.tensor.GroupedMatrix;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.RowBlocks;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.StoredMatrix;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products in bfloat16 are those of 32 bits, rounded. */
class AutocastWeightTest {
    private static Tensor matrix(boolean transposed) {
        Tensor values = torch.randn(transposed ? 6 : 4, transposed ? 4 : 6);
        return values.set_requires_grad(true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void productsDifferFrom32BitsByTheRoundingOnly(boolean transposed) {
        RandomState.manualSeed(1);
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            DenseWeight dense = new DenseWeight(matrix(transposed), transposed);
            Weight half = dense.autocast(ScalarType.BFloat16);
            Tensor x = torch.randn(3, 6);
            Tensor bias = torch.randn(4);
            assertRounded(half.linear(x, bias), dense.linear(x, bias));
            assertRounded(half.linear(x, null), dense.linear(x, null));
            Tensor gradient = torch.randn(3, 4);
            assertRounded(half.transposed(gradient), dense.transposed(gradient));
            half.addGradient(gradient, x);
            half.addGradient(gradient, x);
            Tensor sum = dense.stored().grad();
            Tensor expected = (transposed ? x.t().mm(gradient) : gradient.t().mm(x)).mul(new Scalar(2.0));
            assertRounded(sum, expected);
            assertThat(half.isTrainable()).isTrue();
            assertThat(half.outFeatures()).isEqualTo(4);
            assertThat(half.inFeatures()).isEqualTo(6);
            dense.stored().mutable_grad().reset();
        }
    }

    /** Values that bfloat16 holds exactly, and one that it does not: the factors are rounded, not only the result. */
    @Test
    void factorsAreRounded() {
        try (Scope scope = Scope.open()) {
            Tensor weight = TensorData.floats(new float[] {1 + 1 / 512f}, 1, 1);
            Tensor x = TensorData.floats(new float[] {256}, 1, 1);
            assertThat(TensorData.toFloats(new DenseWeight(weight, false)
                            .autocast(ScalarType.BFloat16)
                            .linear(x, null)))
                    .containsExactly(256f);
        }
    }

    /** 70,000 is no number in float16, 2049 is none between 2048 and 2050. */
    @Test
    void float16HasItsOwnRangeAndPrecision() {
        try (Scope scope = Scope.open()) {
            Tensor weight = TensorData.floats(new float[] {1}, 1, 1);
            Weight half = new DenseWeight(weight, false).autocast(ScalarType.Half);
            Tensor x = TensorData.floats(new float[] {70_000, 2049, 0.5f}, 3, 1);
            assertThat(TensorData.toFloats(half.linear(x, null))).containsExactly(Float.POSITIVE_INFINITY, 2048, 0.5f);
        }
    }

    @Test
    void aFrozenMatrixKeepsItsOwnForm() {
        try (Scope scope = Scope.open();
                StoredMatrix stored = GroupedMatrix.of(torch.randn(4, 32), 8);
                RowBlocks blocks = new RowBlocks()) {
            Weight frozen = new FrozenWeight(stored, blocks, false);
            assertThat(frozen.autocast(ScalarType.BFloat16)).isSameAs(frozen);
        }
    }

    private static void assertRounded(Tensor actual, Tensor exact) {
        float[] expected = TensorData.toFloats(exact);
        float[] found = TensorData.toFloats(actual);
        boolean rounded = false;
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected[i], within(0.05));
            rounded |= found[i] != expected[i];
        }
        assertThat(rounded).as("computed in fewer bits").isTrue();
    }
}
