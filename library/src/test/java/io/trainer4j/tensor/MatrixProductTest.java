package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class MatrixProductTest {
    private static final float[] X = {1, 2, 3, 4, 5, 6};
    private static final float[] WEIGHT = {1, 0, -1, 2, 1, 0, 0, 0, 3, 1, 1, 1};
    private static final float[] PRODUCT = {-2, 4, 9, 6, -2, 13, 18, 15};

    @Test
    void multipliesByTheTransposeOfTheWeight() {
        try (Scope scope = Scope.open()) {
            Tensor product = MatrixProduct.linear(TensorData.floats(X, 2, 3), TensorData.floats(WEIGHT, 4, 3));
            assertThat(TensorData.toFloats(product)).containsExactly(PRODUCT);
            assertThat(product.size(1)).isEqualTo(4);
        }
    }

    @Test
    void takesATransposedWeight() {
        try (Scope scope = Scope.open()) {
            Tensor weight = TensorData.floats(WEIGHT, 4, 3).t().contiguous();
            assertThat(TensorData.toFloats(MatrixProduct.linear(TensorData.floats(X, 2, 3), weight.t())))
                    .containsExactly(PRODUCT);
        }
    }

    @Test
    void takesOtherTypes() {
        try (Scope scope = Scope.open()) {
            Tensor product = MatrixProduct.linear(
                    TensorData.floats(X, 2, 3).to(ScalarType.BFloat16),
                    TensorData.floats(WEIGHT, 4, 3).to(ScalarType.BFloat16));
            assertThat(TensorData.toFloats(product.to(ScalarType.Float))).containsExactly(PRODUCT);
        }
    }

    @Test
    void leavesNoTraceForAutograd() {
        try (Scope scope = Scope.open()) {
            Tensor weight = torch.ones(2, 2).requires_grad_(true);
            assertThat(MatrixProduct.linear(torch.ones(2, 2), weight).requires_grad())
                    .isFalse();
        }
    }
}
