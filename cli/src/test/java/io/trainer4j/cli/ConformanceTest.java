package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.data.Columns;
import io.trainer4j.data.Dataset;
import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole runs of the command line against the {@code log_history} of Python, and on a real file. */
@Tag("conformance")
class ConformanceTest {
    @TempDir
    Path folder;

    @Test
    void fineTuningFollowsTrl() throws IOException {
        JsonNode golden = golden("sft-full-fp32");
        JsonNode given = golden.path("arguments");
        Path out = folder.resolve("out");
        Cli.succeed(Cli.words(
                List.of(
                        "finetune",
                        "--model",
                        SharedDir.require("golden/models/qwen2-real-vocab").toString()),
                List.of("--train-file", SharedDir.require("golden/runs/qa.csv").toString()),
                List.of("--output-dir", out.toString(), "--no-clean"),
                List.of("--num_train_epochs", given.path("num_train_epochs").asString()),
                List.of(
                        "--per_device_train_batch_size",
                        given.path("per_device_train_batch_size").asString()),
                List.of("--learning_rate", given.path("learning_rate").asString()),
                List.of("--weight_decay", given.path("weight_decay").asString()),
                List.of("--max_length", given.path("max_length").asString()),
                List.of("--logging-steps", "1", "--eval-strategy", "epoch", "--save-strategy", "no", "--hf-compat")));
        assertFollows(out, golden);
    }

    @Test
    void classificationFollowsTransformers() throws IOException {
        JsonNode golden = golden("cls-bert");
        Path out = folder.resolve("out");
        Path rows = folder.resolve("labelled.jsonl");
        Dataset.fromCsv(SharedDir.require("golden/runs/qa.csv"))
                .map(batch -> Columns.of(
                        "label",
                        batch.strings("Question").stream()
                                .map(q -> q.contains("糖尿病") || q.contains("血糖") ? 1L : 0L)
                                .toList()))
                .saveJsonLines(rows);
        Cli.succeed(Cli.words(
                List.of("finetune", "--task", "sequence-classification", "--text-column", "Question"),
                List.of(
                        "--model",
                        SharedDir.require("golden/models/bert-real-vocab").toString()),
                List.of("--train-file", rows.toString(), "--output-dir", out.toString(), "--no-clean"),
                List.of("--num-train-epochs", "2", "--per-device-train-batch-size", "8", "--learning-rate", "2e-3"),
                List.of("--weight-decay", "0.01", "--max-length", "64"),
                List.of("--logging-steps", "1", "--eval-strategy", "epoch", "--save-strategy", "no", "--hf-compat")));
        assertFollows(out, golden);
    }

    @Test
    void aRealFileIsReadCleanedAndTrainedOn() {
        Path file = SharedDir.require("data/medical/toyhom-gb18030.csv");
        Path base = Cli.tinyModel(folder.resolve("base"), 4096);
        Cli run = Cli.succeed(Cli.words(
                List.of("finetune", "--model", base.toString(), "--train-file", file.toString()),
                List.of("--prompt-column", "ask", "--completion-column", "answer"),
                List.of("--max-length", "2048", "--max-steps", "3", "--per-device-train-batch-size", "1"),
                List.of(
                        "--eval-file",
                        Cli.lines(folder.resolve("eval.csv"), "ask,answer", "甲,一")
                                .toString()),
                List.of("--output-dir", folder.resolve("out").toString())));
        assertThat(run.err())
                .contains("Cleaning: 7644 rows read, 7237 kept", "378 removed: all cells repeat an earlier row");
    }

    private static JsonNode golden(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(SharedDir.require("golden/runs/" + name + ".json")));
    }

    private static void assertFollows(Path out, JsonNode golden) throws IOException {
        JsonNode actual = JsonMapper.shared()
                .readTree(Files.readString(out.resolve("trainer_state.json")))
                .path("log_history");
        JsonNode expected = golden.path("log_history");
        assertThat(actual.size()).isEqualTo(expected.size());
        for (int i = 0; i < actual.size(); i++) {
            for (String name : List.of("loss", "grad_norm", "learning_rate", "eval_loss", "train_loss", "epoch")) {
                assertThat(actual.get(i).path(name).asDouble(0))
                        .as("%s of row %d", name, i)
                        .isCloseTo(expected.get(i).path(name).asDouble(0), within(1e-3));
            }
            assertThat(actual.get(i).path("step")).isEqualTo(expected.get(i).path("step"));
        }
    }
}
