package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products with one row, against the matrix decoded to 32 bits and multiplied in 64. */
class RowProductTest {
    /** Rows that do not fill a piece of work, rows that fill several; short and long rows. */
    @ParameterizedTest
    @CsvSource({"3, 64", "70, 320", "1000, 896", "33, 4864"})
    void everyFormatOfFloatsGivesTheProductWithTheNumbersItHolds(int rows, int columns) {
        RandomState.manualSeed(3);
        try (Scope scope = Scope.open()) {
            Tensor matrix = torch.randn(rows, columns).mul(new Scalar(0.05));
            Tensor x = torch.randn(columns);
            assertClose(RowProduct.of(matrix).orElseThrow(), matrix, x);
            try (StoredMatrix half = HalfMatrix.of(matrix, ScalarType.BFloat16);
                    StoredMatrix ieee = HalfMatrix.of(matrix, ScalarType.Half)) {
                assertClose(RowProduct.of(half).orElseThrow(), decoded(half), x);
                assertClose(RowProduct.of(ieee).orElseThrow(), decoded(ieee), x);
            }
        }
    }

    /** Float16 from the least number below its normal ones to its largest, with large and small rows. */
    @ParameterizedTest
    @CsvSource({"6e-8, 1e-3", "6e-8, 1e5", "1, 1e5", "60000, 1e-6", "60000, 3e5"})
    void float16HasItsWholeRange(double weight, double value) {
        try (Scope scope = Scope.open()) {
            Tensor matrix = torch.ones(3, 16).mul(new Scalar(weight));
            matrix.select(1, 1).neg_();
            matrix.select(1, 2).fill_(new Scalar(0.0));
            Tensor x = torch.ones(16).mul(new Scalar(value));
            try (StoredMatrix half = HalfMatrix.of(matrix, ScalarType.Half)) {
                float[] y = RowProduct.of(half).orElseThrow().apply(TensorData.toFloats(x));
                Tensor expected = torch.mv(decoded(half).to(ScalarType.Double), x.to(ScalarType.Double));
                float wanted = (float) expected.select(0, 0).item_double();
                assertThat(y[0]).isCloseTo(wanted, withinPercentage(1e-3));
            }
        }
    }

    @Test
    void rowsThatLeaveARestOfTheUnrolledLoopAreWhole() {
        RandomState.manualSeed(4);
        try (Scope scope = Scope.open()) {
            Tensor matrix = torch.randn(5, 48);
            Tensor x = torch.randn(48);
            assertClose(RowProduct.of(matrix).orElseThrow(), matrix, x);
            try (StoredMatrix half = HalfMatrix.of(matrix, ScalarType.BFloat16)) {
                assertClose(RowProduct.of(half).orElseThrow(), decoded(half), x);
            }
        }
    }

    @Test
    void severalMatricesGiveTheirResultsOneAfterTheOther() {
        RandomState.manualSeed(5);
        try (Scope scope = Scope.open()) {
            Tensor first = torch.randn(700, 320);
            Tensor second = torch.randn(11, 320);
            float[] x = TensorData.toFloats(torch.randn(320));
            try (StoredMatrix half = HalfMatrix.of(first, ScalarType.BFloat16)) {
                RowProduct one = RowProduct.of(half).orElseThrow();
                RowProduct other = RowProduct.of(second).orElseThrow();
                float[] both = new float[711];
                RowProduct.multiply(x, both, one, other);
                assertThat(both).startsWith(one.apply(x)).endsWith(other.apply(x));
            }
        }
    }

    @Test
    void theMatrixIsReadWhereItLies() {
        try (Scope scope = Scope.open()) {
            Tensor matrix = TensorData.zeros(2, 16);
            RowProduct product = RowProduct.of(matrix).orElseThrow();
            matrix.fill_(new Scalar(2.0));
            assertThat(product.apply(TensorData.toFloats(torch.ones(16)))).containsExactly(32, 32);
        }
    }

    @Test
    void formsWithoutAKernelHaveNoProduct() {
        try (Scope scope = Scope.open()) {
            Tensor matrix = torch.randn(4, 64);
            try (StoredMatrix nf4 = NormalFloatMatrix.of(matrix, false)) {
                assertThat(RowProduct.of(nf4)).isEmpty();
            }
            assertThat(RowProduct.of(torch.randn(4, 15))).isEmpty();
            assertThat(RowProduct.of(matrix.t())).isEmpty();
        }
    }

    @Test
    void arraysThatAreTooShortAreRefused() {
        try (Scope scope = Scope.open()) {
            RowProduct product = RowProduct.of(torch.randn(4, 64)).orElseThrow();
            assertThatThrownBy(() -> product.apply(new float[63])).hasMessage("63 values for rows of 64");
            assertThatThrownBy(() -> RowProduct.multiply(new float[64], new float[3], product))
                    .hasMessage("3 places for 4 results");
        }
    }

    private static Tensor decoded(StoredMatrix matrix) {
        Tensor all = TensorData.zeros(matrix.rows(), matrix.columns());
        try (RowBlocks blocks = new RowBlocks()) {
            blocks.forEach(
                    matrix, (from, rows) -> all.narrow(0, from, rows.size(0)).copy_(rows));
        }
        return all;
    }

    private static void assertClose(RowProduct product, Tensor matrix, Tensor x) {
        float[] y = product.apply(TensorData.toFloats(x));
        Tensor expected = torch.mv(matrix.to(ScalarType.Double), x.to(ScalarType.Double));
        double error = TensorData.floats(y, y.length).sub(expected).abs().max().item_double();
        assertThat(error).isLessThan(2e-5 * Math.sqrt((double) x.numel()));
    }
}
