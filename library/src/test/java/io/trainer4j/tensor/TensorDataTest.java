package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class TensorDataTest {
    @Test
    void longsKeepAll64Bits() {
        try (Scope scope = Scope.open()) {
            Tensor tensor = TensorData.longs(Long.MIN_VALUE, -1, Long.MAX_VALUE);
            assertThat(tensor.shape()).containsExactly(3);
            assertThat(tensor.scalar_type().intern()).isEqualTo(ScalarType.Long);
            assertThat(TensorData.toLongs(tensor)).containsExactly(Long.MIN_VALUE, -1, Long.MAX_VALUE);
        }
    }

    @Test
    void matrixIsRowMajor() {
        try (Scope scope = Scope.open()) {
            Tensor matrix = TensorData.ints(new int[][] {{1, 2, 3}, {4, 5, 6}});
            assertThat(matrix.shape()).containsExactly(2, 3);
            assertThat(TensorData.toLongs(matrix)).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(TensorData.toLongs(matrix.t())).containsExactly(1, 4, 2, 5, 3, 6);
        }
    }

    @Test
    void vectorOfInts() {
        try (Scope scope = Scope.open()) {
            assertThat(TensorData.ints(4, 5).shape()).containsExactly(2);
            assertThat(TensorData.toLongs(TensorData.ints(4, 5))).containsExactly(4, 5);
        }
    }

    @Test
    void floatsTakeAShape() {
        try (Scope scope = Scope.open()) {
            Tensor tensor = TensorData.floats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
            assertThat(tensor.shape()).containsExactly(3, 2);
            assertThat(TensorData.toFloats(tensor.select(1, 1))).containsExactly(2, 4, 6);
        }
    }

    @Test
    void floatsThatDoNotFillTheShapeAreRefused() {
        assertThatThrownBy(() -> TensorData.floats(new float[] {1, 2, 3}, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 values")
                .hasMessageContaining("[2]");
    }

    @Test
    void rowsOfUnequalLengthAreRefused() {
        assertThatThrownBy(() -> TensorData.ints(new int[][] {{1}, {2, 3}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 1");
    }

    @Test
    void emptyTensorsCrossBothWays() {
        try (Scope scope = Scope.open()) {
            assertThat(TensorData.longs().shape()).containsExactly(0);
            assertThat(TensorData.toLongs(TensorData.longs())).isEmpty();
            assertThat(TensorData.toFloats(TensorData.floats(new float[0], 0, 4)))
                    .isEmpty();
            assertThat(TensorData.toLongs(TensorData.ints())).isEmpty();
        }
    }

    @Test
    void otherTypesAreConverted() {
        try (Scope scope = Scope.open()) {
            Tensor half = TensorData.floats(new float[] {1.5f, -2}, 2).to(ScalarType.BFloat16);
            assertThat(TensorData.toFloats(half)).containsExactly(1.5f, -2);
            assertThat(TensorData.toLongs(half.lt(new Scalar(0.0)))).containsExactly(0, 1);
        }
    }

    @Test
    void tensorsWithGradientsCanBeRead() {
        try (Scope scope = Scope.open()) {
            assertThat(TensorData.toFloats(TensorData.zeros(2).set_requires_grad(true)))
                    .containsExactly(0, 0);
        }
    }

    @Test
    void theCopyIsIndependent() {
        try (Scope scope = Scope.open()) {
            Tensor tensor = TensorData.zeros(2);
            TensorData.toFloats(tensor)[0] = 1;
            assertThat(TensorData.toFloats(tensor)).containsExactly(0, 0);
        }
    }
}
