package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientsTest {
    private Scope scope;
    private List<Tensor> parameters;

    @BeforeEach
    void giveGradients() {
        scope = Scope.open();
        parameters = IntStream.of(2, 1, 3)
                .mapToObj(size -> TensorData.zeros(size).set_requires_grad(true))
                .toList();
        parameters.get(0).mutable_grad().put(TensorData.floats(new float[] {3, 4}, 2));
        parameters.get(1).mutable_grad().put(TensorData.floats(new float[] {12}, 1));
    }

    @AfterEach
    void close() {
        scope.close();
    }

    /** torch.nn.utils.clip_grad_norm_ gives 13 and these values. */
    @Test
    void scalesDownToTheGlobalNorm() {
        try (Gradients gradients = new Gradients(parameters)) {
            assertThat(gradients.clip(1)).isEqualTo(13);
            assertThat(gradient(0)).containsExactly(new float[] {0.23076922f, 0.3076923f}, within(1e-7f));
            assertThat(gradient(1)).containsExactly(new float[] {0.92307687f}, within(1e-7f));
        }
    }

    @Test
    void smallerNormIsLeftAsItIs() {
        try (Gradients gradients = new Gradients(parameters)) {
            assertThat(gradients.clip(20)).isEqualTo(13);
            assertThat(gradient(0)).containsExactly(3, 4);
        }
    }

    @Test
    void zeroOnlyMeasures() {
        try (Gradients gradients = new Gradients(parameters)) {
            assertThat(gradients.clip(0)).isEqualTo(13);
            assertThat(gradient(0)).containsExactly(3, 4);
            assertThat(gradient(1)).containsExactly(12);
        }
    }

    @Test
    void clearRemovesThem() {
        try (Gradients gradients = new Gradients(parameters)) {
            gradients.clear();
            assertThat(parameters).noneMatch(parameter -> parameter.grad().defined());
        }
    }

    @Test
    void ofOrZerosCreatesOnlyWhatIsMissing() {
        try (Gradients gradients = new Gradients(parameters)) {
            assertThat(TensorData.toFloats(Gradients.ofOrZeros(parameters.get(0))))
                    .containsExactly(3, 4);
            assertThat(TensorData.toFloats(Gradients.ofOrZeros(parameters.get(2))))
                    .containsExactly(0, 0, 0);
            assertThat(gradient(2)).containsExactly(0, 0, 0);
        }
    }

    @Test
    void unscalingDividesByTheFactor() {
        try (Gradients gradients = new Gradients(parameters)) {
            assertThat(gradients.unscale(4)).isTrue();
            assertThat(gradient(0)).containsExactly(0.75f, 1);
            assertThat(gradient(1)).containsExactly(3);
            assertThat(parameters.get(2).grad().defined()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN})
    void unscalingFindsWhatIsNotFinite(float value) {
        parameters.get(2).mutable_grad().put(TensorData.floats(new float[] {0, value, 1}, 3));
        try (Gradients gradients = new Gradients(parameters)) {
            assertThat(gradients.unscale(4)).isFalse();
        }
    }

    /** Finite numbers whose norm is not: torch looks at the numbers. */
    @Test
    void largeNumbersAreFinite() {
        parameters.get(2).mutable_grad().put(TensorData.floats(new float[] {3e38f, 3e38f, 3e38f}, 3));
        try (Gradients gradients = new Gradients(parameters)) {
            assertThat(gradients.unscale(1)).isTrue();
        }
    }

    @Test
    void nothingToUnscaleIsFinite() {
        try (Gradients gradients = new Gradients(List.of())) {
            assertThat(gradients.unscale(2)).isTrue();
        }
    }

    private float[] gradient(int parameter) {
        return TensorData.toFloats(parameters.get(parameter).grad());
    }
}
