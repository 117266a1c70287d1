package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EarlyStoppingTest {
    @TempDir
    Path out;

    /** Last evaluation, count and best value as EarlyStoppingCallback of transformers 5.17 has them for these metrics. */
    @ParameterizedTest
    @CsvSource({
        "5 4 4 3 3.5 3.2 3.1, 2, 0, false, 6, 2, 3",
        "5 4 4 3 3.5 3.2 3.1, 3, 0, false, 7, 3, 3",
        "1 1.05 1.1 1.15 2, 2, 0.1, true, 3, 2, 1.1",
        "1 1.2 1.3 1.5 1.6, 2, 0.15, true, 5, 1, 1.6",
        "NaN NaN 1 2 3, 2, 0, true, 5, 0, 3",
        "NaN NaN NaN 2 3, 2, 0, true, 3, 2, -Infinity",
        "3 2 1, 1, 0, false, 3, 0, 1",
        "1 2 3, 1, 0, false, 2, 1, 1"
    })
    void stopsWherePythonDoes(
            String metrics, int patience, double threshold, boolean greater, int last, int count, double best) {
        int evaluations = metrics.split(" ").length;
        TinyRun run = run(arguments().maxSteps(evaluations).greaterIsBetter(greater), 0, metrics, patience, threshold);

        assertThat(run.state().globalStep()).isEqualTo(last);
        assertThat(counter(run.state().toJson())).isEqualTo(count);
        assertThat(run.state().bestMetric()).isEqualTo(best);
    }

    @Test
    void patienceSurvivesAResume() throws IOException {
        String metrics = "5 4 6 6 6 6 6 6";
        TrainingArguments arguments = arguments().maxSteps(8).saveSteps(1).greaterIsBetter(false);
        assertThat(run(arguments, 0, metrics, 3, 0).state().globalStep()).isEqualTo(5);

        String checkpoint = out.resolve("checkpoint-4").toString();
        TinyRun resumed = run(arguments.resumeFromCheckpoint(checkpoint), 4, metrics, 3, 0);

        assertThat(resumed.state().globalStep()).isEqualTo(5);
        JsonNode saved = JsonMapper.shared()
                .readTree(Files.readString(out.resolve("checkpoint-4/trainer_state.json")))
                .path("stateful_callbacks")
                .path("EarlyStoppingCallback");
        assertThat(saved.path("args").path("early_stopping_patience").asInt()).isEqualTo(3);
        assertThat(saved.path("args").path("early_stopping_threshold").asDouble(-1))
                .isZero();
        assertThat(saved.path("attributes")
                        .path("early_stopping_patience_counter")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void anOptionDoesTheSame() {
        TrainingArguments arguments = arguments()
                .maxSteps(4)
                .greaterIsBetter(false)
                .earlyStoppingPatience(1)
                .earlyStoppingThreshold(1.5);

        TinyRun run = TinyRun.of(1, arguments, builder -> builder.computeMetrics(metrics("5 3 2 1", 0)));

        assertThat(run.state().globalStep()).isEqualTo(3);
        assertThatThrownBy(() -> run(arguments, 0, "5 4 3 2", 1, 0))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("2 EarlyStoppingCallbacks");
    }

    @Test
    void withoutMetricOrEvaluationItIsRefused() {
        assertThatThrownBy(() -> TinyRun.of(TinyRun.arguments(out).maxSteps(1), new EarlyStoppingCallback(1)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("metric_for_best_model");
        assertThatThrownBy(() -> TinyRun.arguments(out)
                        .evalStrategy(IntervalStrategy.STEPS)
                        .earlyStoppingPatience(1)
                        .validate())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("early_stopping_patience needs a metric");
        assertThatThrownBy(() -> new EarlyStoppingCallback(0)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> new EarlyStoppingCallback(1, Double.NaN)).isInstanceOf(UsageException.class);
    }

    private static TinyRun run(TrainingArguments arguments, int from, String metrics, int patience, double threshold) {
        return TinyRun.of(
                1,
                arguments,
                builder -> builder.computeMetrics(metrics(metrics, from))
                        .callback(new EarlyStoppingCallback(patience, threshold)));
    }

    /** One value per evaluation. */
    private static ComputeMetrics metrics(String values, int from) {
        double[] all = Arrays.stream(values.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        int[] next = {from};
        return shown -> Map.of("m", all[next[0]++]);
    }

    private static int counter(String json) {
        return JsonMapper.builder()
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build()
                .readTree(json)
                .path("stateful_callbacks")
                .path("EarlyStoppingCallback")
                .path("attributes")
                .path("early_stopping_patience_counter")
                .asInt(-1);
    }

    private TrainingArguments arguments() {
        return TinyRun.arguments(out)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(1)
                .metricForBestModel("m");
    }
}
