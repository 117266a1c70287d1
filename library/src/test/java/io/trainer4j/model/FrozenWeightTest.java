package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.tensor.GroupedMatrix;
import io.trainer4j.tensor.HalfMatrix;
import io.trainer4j.tensor.NormalFloatMatrix;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.RowBlocks;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.StoredMatrix;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products with matrices in fewer bits are those with the same numbers in 32 bits. */
class FrozenWeightTest {
    enum Kind {
        BFLOAT16,
        FLOAT16,
        INT8,
        INT4,
        NF4,
        NF4_DOUBLE;

        StoredMatrix of(Tensor matrix) {
            return switch (this) {
                case BFLOAT16 -> HalfMatrix.of(matrix, ScalarType.BFloat16);
                case FLOAT16 -> HalfMatrix.of(matrix, ScalarType.Half);
                case INT8 -> GroupedMatrix.of(matrix, 8);
                case INT4 -> GroupedMatrix.of(matrix, 4);
                case NF4 -> NormalFloatMatrix.of(matrix, false);
                case NF4_DOUBLE -> NormalFloatMatrix.of(matrix, true);
            };
        }
    }

    /** A weight and the same numbers, dense; large enough for three blocks. */
    private record Pair(FrozenWeight frozen, DenseWeight dense) {
        static Pair of(Kind kind, RowBlocks blocks) {
            RandomState.manualSeed(3);
            StoredMatrix matrix = kind.of(torch.randn(45_008, 96));
            FrozenWeight frozen = new FrozenWeight(matrix, blocks, false);
            Tensor decoded = TensorData.zeros(matrix.rows(), matrix.columns());
            blocks.forEach(
                    matrix,
                    (from, rows) -> decoded.narrow(0, from, rows.size(0)).copy_(rows));
            return new Pair(frozen, new DenseWeight(decoded, false));
        }
    }

    @ParameterizedTest
    @EnumSource
    void productsAreThoseOfTheDecodedMatrix(Kind kind) {
        try (Scope scope = Scope.open();
                RowBlocks blocks = new RowBlocks()) {
            Pair pair = Pair.of(kind, blocks);
            try (StoredMatrix matrix = pair.frozen.matrix()) {
                Tensor x = torch.randn(2, 3, 96);
                Tensor bias = torch.randn(45_008);
                assertClose(pair.frozen.linear(x, bias), pair.dense.linear(x, bias), 1e-5f);
                Tensor gradient = torch.randn(3, 45_008);
                assertClose(pair.frozen.transposed(gradient), pair.dense.transposed(gradient), 1e-5f);
                assertThat(pair.frozen.outFeatures()).isEqualTo(pair.dense.outFeatures());
                assertThat(pair.frozen.inFeatures()).isEqualTo(pair.dense.inFeatures());
                assertThat(blocks.bytes()).isLessThanOrEqualTo(8 << 20);
            }
        }
    }

    /** Where a kernel of libtorch takes a single row, the row is rounded to bfloat16, as in Python. */
    @ParameterizedTest
    @EnumSource
    void aSingleRowIsRoundedAtMost(Kind kind) {
        try (Scope scope = Scope.open();
                RowBlocks blocks = new RowBlocks()) {
            Pair pair = Pair.of(kind, blocks);
            try (StoredMatrix matrix = pair.frozen.matrix()) {
                Tensor x = torch.randn(1, 1, 96);
                Tensor product = pair.frozen.linear(x, null);
                assertThat(product.shape()).containsExactly(1, 1, 45_008);
                assertClose(
                        product,
                        pair.dense.linear(x, null),
                        kind == Kind.FLOAT16 || kind == Kind.NF4 || kind == Kind.NF4_DOUBLE ? 1e-5f : 1e-2f);
            }
        }
    }

    @Test
    void onOtherProcessorsProductsAreComputedInBfloat16() {
        try (Scope scope = Scope.open();
                RowBlocks blocks = new RowBlocks();
                HalfMatrix matrix = HalfMatrix.of(torch.randn(8, 96), ScalarType.BFloat16)) {
            FrozenWeight native16 = new FrozenWeight(matrix, blocks, true);
            FrozenWeight converted = new FrozenWeight(matrix, blocks, false);
            Tensor x = torch.randn(3, 96);
            assertClose(native16.linear(x, null), converted.linear(x, null), 1e-2f);
            Tensor gradient = torch.randn(3, 8);
            assertClose(native16.transposed(gradient), converted.transposed(gradient), 1e-2f);
        }
    }

    private static void assertClose(Tensor actual, Tensor expected, float share) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        float scale = expected.abs().max().item_float();
        assertThat(actual.sub(expected).abs().max().item_float()).isCloseTo(0, within(share * scale));
    }

    @Test
    void gradientsPassInARecordedPassOnly() {
        try (Scope scope = Scope.open();
                RowBlocks blocks = new RowBlocks();
                StoredMatrix matrix = HalfMatrix.of(torch.ones(2, 32), ScalarType.Half)) {
            FrozenWeight weight = new FrozenWeight(matrix, blocks);
            Tensor x = torch.ones(1, 32).set_requires_grad(true);
            assertThatThrownBy(() -> weight.linear(x, null)).hasMessageContaining("Pass.recorded");
            try (Pass pass = Pass.recorded(Checkpointing.NONE)) {
                pass.product(x, weight, null).sum().backward();
                pass.backward();
                assertThat(TensorData.toFloats(x.grad())).containsOnly(2);
            }
        }
    }
}
