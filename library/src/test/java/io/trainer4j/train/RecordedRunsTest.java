package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.option.ConfigFile;
import io.trainer4j.option.OptionSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs with shuffling and dropout against the log that transformers' Trainer wrote for them; src/test/golden/runs.py
 * recorded them. The arguments are read from the very JSON that Python took.
 */
class RecordedRunsTest {
    private static final Set<String> UNTIMED = Set.of(
            "loss", "grad_norm", "learning_rate", "epoch", "step", "eval_loss", "train_loss", "num_input_tokens_seen");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"bert-dropout", "bert-accumulate", "bert-smoothing", "qwen2-features", "qwen2-sgd", "qwen2-dft"})
    void followsPython(String name) throws IOException {
        JsonNode golden = golden(name);
        List<Map<String, Object>> log = train(golden, true);

        JsonNode expected = golden.path("log_history");
        assertThat(log).hasSize(expected.size());
        for (int i = 0; i < log.size(); i++) {
            assertFollows("row " + i + " of " + name, log.get(i), expected.path(i));
        }
    }

    private static void assertFollows(String row, Map<String, Object> actual, JsonNode expected) {
        for (String figure : UNTIMED) {
            if (expected.has(figure)) {
                double value = expected.path(figure).asDouble();
                double tolerance = switch (figure) {
                    case "grad_norm" -> 1e-3 * value;
                    case "learning_rate" -> 1e-15;
                    default -> Math.min(1e-4, 1e-3 * value);
                };
                assertThat(((Number) actual.get(figure)).doubleValue())
                        .as(figure + " of " + row)
                        .isCloseTo(value, within(tolerance));
            }
        }
    }

    @Test
    void accumulatedClassificationIsTheMeanOverAllRowsOfTheStep() throws IOException {
        JsonNode golden = golden("bert-accumulate");

        double first = (double) train(golden, false).get(0).get("loss");

        // Python adds up the means of three batches of equal size.
        assertThat(first)
                .isCloseTo(golden.path("log_history").path(0).path("loss").asDouble() / 3, within(1e-4));
    }

    @Test
    void dftAndALossOfOnesOwnExcludeEachOther() throws IOException {
        try (PretrainedModel model = model(golden("qwen2-dft"))) {
            Trainer.Builder builder = Trainer.builder(
                            model, TrainingArguments.of(folder.toString()).lossType(LossType.DFT))
                    .computeLossFunc((logits, labels, items) -> logits.sum());
            assertThatThrownBy(builder::build)
                    .isInstanceOf(UsageException.class)
                    .hasMessageStartingWith("loss_type dft and a loss function of one's own exclude each other");
        }
    }

    @Test
    void groupedOrderSurvivesResuming() throws IOException {
        ObjectNode golden = (ObjectNode) golden("qwen2-features");
        ObjectNode given = (ObjectNode) golden.get("arguments");
        given.put("save_strategy", "steps").put("save_steps", 1);
        List<Map<String, Object>> whole = train(golden, false);

        given.put("resume_from_checkpoint", folder.resolve("out/checkpoint-4").toString());
        List<Map<String, Object>> resumed = train(golden, false);

        assertThat(losses(resumed)).isEqualTo(losses(whole));
    }

    private static List<Object> losses(List<Map<String, Object>> log) {
        return log.stream().map(row -> row.get("loss")).filter(Objects::nonNull).toList();
    }

    private List<Map<String, Object>> train(JsonNode golden, boolean hfCompat) throws IOException {
        Path file = folder.resolve("training_args.json");
        Files.writeString(file, golden.path("arguments").toString());
        TrainingArguments arguments = TrainingArguments.of(folder.resolve("out").toString())
                .with(ConfigFile.read(file, OptionSet.of(TrainingArguments.class)))
                .hfCompat(hfCompat);
        try (PretrainedModel model = model(golden)) {
            Trainer trainer = Trainer.builder(model, arguments)
                    .trainDataset(rows(golden.path("train")))
                    .evalDataset(rows(golden.path("eval")))
                    .build();
            trainer.train();
            return trainer.state().logHistory();
        }
    }

    /** The model with the dropout of the recorded run. */
    private PretrainedModel model(JsonNode golden) throws IOException {
        String name = golden.path("model").asString();
        Path model = Files.createDirectories(folder.resolve(name));
        ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(resource("models/" + name + "/config.json"));
        golden.path("config").forEachEntry(config::set);
        Files.writeString(model.resolve("config.json"), config.toString());
        Files.write(model.resolve("model.safetensors"), resource("models/" + name + "/model.safetensors"));
        return name.equals("bert-cls")
                ? AutoModelForSequenceClassification.fromPretrained(model)
                : AutoModelForCausalLM.fromPretrained(model);
    }

    private static Dataset rows(JsonNode rows) {
        List<int[]> ids = ints(rows, "input_ids");
        return rows.path(0).path("labels").isArray()
                ? Dataset.of(Map.of("input_ids", ids, "labels", ints(rows, "labels")))
                : Dataset.of(Map.of(
                        "input_ids",
                        ids,
                        "labels",
                        rows.valueStream()
                                .map(row -> row.path("labels").asLong())
                                .toList()));
    }

    private static List<int[]> ints(JsonNode rows, String column) {
        return rows.valueStream()
                .map(row ->
                        row.path(column).valueStream().mapToInt(JsonNode::asInt).toArray())
                .toList();
    }

    private static JsonNode golden(String name) throws IOException {
        return JsonMapper.shared().readTree(resource("runs/" + name + ".json"));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = RecordedRunsTest.class.getResourceAsStream("/golden/" + name)) {
            return stream.readAllBytes();
        }
    }
}
