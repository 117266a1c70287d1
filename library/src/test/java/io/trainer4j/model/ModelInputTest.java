package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ModelInputTest {
    @Test
    void rowsWithoutPaddingAreAllTokens() {
        ModelInput input = ModelInput.of(new int[] {1, 2, 3}, new int[] {4, 5, 6});
        assertThat(input.rows()).isEqualTo(2);
        assertThat(input.length()).isEqualTo(3);
        assertThat(input.attentionMask()).isEqualTo(new int[][] {{1, 1, 1}, {1, 1, 1}});
        assertThat(input.tokenTypeIds()).isNull();
        assertThat(input.isPadded()).isFalse();
        assertThat(input.isRightPadded()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "111, false, true",
        "110, true, true",
        "100, true, true",
        "011, true, false",
        "101, true, false",
        "010, true, false",
        "000, true, true",
        "1, false, true",
        "0, true, true"
    })
    void paddingIsFoundAndItsSide(String mask, boolean padded, boolean right) {
        int[] row = mask.chars().map(c -> c - '0').toArray();
        ModelInput input = new ModelInput(new int[][] {new int[row.length]}, new int[][] {row}, null);
        assertThat(input.isPadded()).isEqualTo(padded);
        assertThat(input.isRightPadded()).isEqualTo(right);
    }

    @Test
    void oneRowPaddedOnTheLeftIsEnough() {
        ModelInput input = new ModelInput(new int[2][3], new int[][] {{1, 1, 0}, {0, 1, 1}}, null);
        assertThat(input.isRightPadded()).isFalse();
    }

    @Test
    void idsBecomeAMatrix() {
        try (Scope scope = Scope.open()) {
            Tensor ids = ModelInput.of(new int[] {0, 9}, new int[] {5, 3}).ids(10);
            assertThat(ids.shape()).containsExactly(2, 2);
            assertThat(TensorData.toLongs(ids)).containsExactly(0, 9, 5, 3);
        }
    }

    @ParameterizedTest
    @CsvSource({"10", "-1", "2147483647"})
    void anIdOutsideTheVocabularyIsNamed(int id) {
        assertThatThrownBy(() -> ModelInput.of(new int[] {1, id}).ids(10))
                .isInstanceOf(TrainerException.class)
                .hasMessageStartingWith("Token id " + id + " is outside the model's vocabulary of 10 ids");
    }

    @Test
    void aRowMayFillThePositionsAndNotMore() {
        ModelInput input = ModelInput.of(new int[4]);
        assertThatCode(() -> input.requireFitting(6, 10)).doesNotThrowAnyException();
        assertThatThrownBy(() -> input.requireFitting(7, 10))
                .isInstanceOf(TrainerException.class)
                .hasMessage("A row has 11 tokens but the model has positions for 10; set --max-length 10 or less.");
    }

    @ParameterizedTest
    @EnumSource(ProblemType.class)
    void everyProblemHasItsNameInTheConfiguration(ProblemType type) {
        ModelConfig config = ModelConfig.of(ModelConfig.JSON.createObjectNode()).withProblemType(type);
        assertThat(config.problemType()).isEqualTo(type);
        assertThat(config.json().path("problem_type").asString())
                .isEqualTo(type.hubName())
                .matches("[a-z_]+");
    }

    @Test
    void noiseIsWithinItsBoundAndForTrainingOnly() {
        EmbeddingNoise noise = new EmbeddingNoise();
        try (Scope scope = Scope.open()) {
            Tensor x = torch.ones(2, 10, 40);
            assertThat(noise.apply(x, Pass.of(Mode.TRAIN))).as("no strength").isSameAs(x);
            noise.alpha(5);
            assertThat(noise.apply(x, Pass.of(Mode.EVAL))).isSameAs(x);
            RandomState.manualSeed(1);
            float[] noisy = TensorData.toFloats(noise.apply(x, Pass.of(Mode.TRAIN)));
            float most = 5 / (float) Math.sqrt(400);
            float largest = 0;
            double sum = 0;
            for (float value : noisy) {
                largest = Math.max(largest, Math.abs(value - 1));
                sum += value - 1;
            }
            assertThat(largest).isBetween(most * 0.95f, most + 1e-6f);
            assertThat(sum / noisy.length).isBetween(-0.02, 0.02);
            assertThat(TensorData.toFloats(x))
                    .as("the embeddings themselves stay")
                    .containsOnly(1);
        }
    }

    @Test
    void noiseIsDrawnFromTheRandomStream() {
        EmbeddingNoise noise = new EmbeddingNoise();
        noise.alpha(1);
        try (Scope scope = Scope.open()) {
            Tensor x = TensorData.zeros(1, 4, 4);
            RandomState.manualSeed(7);
            float[] once = TensorData.toFloats(noise.apply(x, Pass.of(Mode.TRAIN)));
            float[] again = TensorData.toFloats(noise.apply(x, Pass.of(Mode.TRAIN)));
            RandomState.manualSeed(7);
            assertThat(TensorData.toFloats(noise.apply(x, Pass.of(Mode.TRAIN))))
                    .isEqualTo(once)
                    .isNotEqualTo(again);
            noise.alpha(0);
            assertThat(noise.apply(x, Pass.of(Mode.TRAIN))).isSameAs(x);
        }
    }
}
