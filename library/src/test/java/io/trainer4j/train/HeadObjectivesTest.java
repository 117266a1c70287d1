package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.TrainerException;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.AutoModelForMaskedLM;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.model.ProblemType;
import io.trainer4j.model.SequenceClassifier;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Loss and gradients of every kind of head against those of Python; see {@code src/test/golden}. */
class HeadObjectivesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "qwen2",
                "gpt2",
                "bert-single",
                "bert-multi",
                "bert-regression",
                "bert-regression-2",
                "gpt2-regression",
                "llama-multi",
                "bert-mlm",
                "roberta-mlm",
                "distilbert-mlm"
            })
    void lossAndGradientsArePythons(String name) {
        JsonNode expected = JsonMapper.shared().readTree(folder(name).resolve("expected.json"));
        try (PretrainedModel model = open(name, expected.path("task").asString())) {
            Objective objective = Objective.of(model, new TrainingArguments());
            MiniBatch batch = batch(model, expected);
            double wanted = expected.path("loss").asDouble();

            assertThat(objective.backward(batch, (double) objective.targets(batch)))
                    .isCloseTo(wanted, within(1e-5));
            assertThat(norm(GradientCopies.take(model)))
                    .isCloseTo(
                            expected.path("grad_norm").asDouble(),
                            within(1e-4 * expected.path("grad_norm").asDouble()));

            EvaluationSums sums = new EvaluationSums(null);
            objective.evaluate(batch, sums);
            assertThat(sums.meanLossByRow()).isCloseTo(wanted, within(1e-5));
            assertThat(sums.meanLossByTarget()).isCloseTo(wanted, within(1e-5));
            if (name.endsWith("-mlm")) {
                assertThat(sums.perplexity()).isCloseTo(Math.exp(wanted), within(1e-3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-single", "bert-mlm"})
    void dftIsForLanguageModels(String name) {
        JsonNode expected = JsonMapper.shared().readTree(folder(name).resolve("expected.json"));
        try (PretrainedModel model = open(name, expected.path("task").asString())) {
            TrainingArguments dft = new TrainingArguments().lossType(LossType.DFT);
            assertThatThrownBy(() -> Objective.of(model, dft))
                    .hasMessageContaining("loss_type dft is there for causal");
        }
    }

    @Test
    void evaluationShowsScoresBesideTrueValues() {
        JsonNode expected = JsonMapper.shared().readTree(folder("bert-multi").resolve("expected.json"));
        try (PretrainedModel model = open("bert-multi", "sequence-classification")) {
            CollectedPredictions collected = new CollectedPredictions(prediction -> Map.of());
            Objective.of(model, new TrainingArguments())
                    .evaluate(batch(model, expected), new EvaluationSums(collected));

            EvalPrediction shown = collected.prediction();
            assertThat(shown.values()).containsExactly(new float[] {1, 0, 1}, new float[] {0, 0, 1});
            assertThat(shown.scores().get(1)[2])
                    .isCloseTo((float) expected.path("logits").path(5).asDouble(), within(1e-4f));
            assertThat(shown.labels()).isEmpty();
        }
    }

    @Test
    void aRowWithAnotherNumberOfValuesIsRefused() {
        try (PretrainedModel model = open("bert-multi", "sequence-classification")) {
            ModelInput input = ModelInput.of(new int[] {5, 6});
            assertThatThrownBy(() -> Objective.of(model, new TrainingArguments())
                            .backward(new MiniBatch(input, new int[1][0], new float[][] {{1, 0}}), 1))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("2 label values but the model has 3 labels");
            assertThatThrownBy(() -> Objective.of(model, new TrainingArguments())
                            .backward(new MiniBatch(input, new int[][] {{1}}), 1))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("class ids but the model does classification with several labels per row");
        }
    }

    @Test
    void theProblemCanBeGivenWhenAModelIsOpened() {
        try (SequenceClassifier model = AutoModelForSequenceClassification.fromPretrained(
                folder("bert-mlm"), List.of("height"), ProblemType.REGRESSION)) {
            assertThat(Objective.of(model, new TrainingArguments()).lossItem().value())
                    .isEqualTo("mean squared error");
            assertThat(model.newlyInitialized())
                    .containsExactly(
                            "bert.pooler.dense.weight",
                            "bert.pooler.dense.bias",
                            "classifier.weight",
                            "classifier.bias");
        }
    }

    private static PretrainedModel open(String name, String task) {
        return switch (task) {
            case "causal-lm" -> AutoModelForCausalLM.fromPretrained(folder(name));
            case "masked-lm" -> AutoModelForMaskedLM.fromPretrained(folder(name));
            default -> AutoModelForSequenceClassification.fromPretrained(folder(name));
        };
    }

    private static MiniBatch batch(PretrainedModel model, JsonNode expected) {
        JsonNode types = expected.path("token_type_ids");
        ModelInput input = new ModelInput(
                rows(expected.path("input_ids")),
                rows(expected.path("attention_mask")),
                types.isArray() ? rows(types) : null);
        JsonNode labels = expected.path("labels");
        boolean classifier = model instanceof SequenceClassifier;
        if (classifier && model.config().problemType() != ProblemType.SINGLE_LABEL_CLASSIFICATION) {
            float[][] values = StreamSupport.stream(labels.spliterator(), false)
                    .map(HeadObjectivesTest::values)
                    .toArray(float[][]::new);
            return new MiniBatch(input, new int[2][0], values);
        }
        return new MiniBatch(input, rows(labels));
    }

    private static Path folder(String name) {
        try {
            return Path.of(HeadObjectivesTest.class
                            .getResource("/golden/families/" + name + "/config.json")
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static int[][] rows(JsonNode json) {
        return StreamSupport.stream(json.spliterator(), false)
                .map(row -> row.isArray()
                        ? StreamSupport.stream(row.spliterator(), false)
                                .mapToInt(JsonNode::asInt)
                                .toArray()
                        : new int[] {row.asInt()})
                .toArray(int[][]::new);
    }

    private static float[] values(JsonNode row) {
        if (!row.isArray()) {
            return new float[] {(float) row.asDouble()};
        }
        float[] values = new float[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) row.path(i).asDouble();
        }
        return values;
    }

    private static double norm(Map<String, float[]> gradients) {
        double squares = 0;
        for (float[] gradient : gradients.values()) {
            for (float value : gradient) {
                squares += value * value;
            }
        }
        return Math.sqrt(squares);
    }
}
