package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FinetuneCommandTest {
    @TempDir
    Path folder;

    private String base;
    private String rows;
    private Path out;

    @BeforeEach
    void prepare() {
        base = Cli.tinyModel(folder.resolve("base")).toString();
        rows = Cli.questions(folder.resolve("qa.csv")).toString();
        out = folder.resolve("out");
    }

    @Test
    void theOutputFolderReceivesTheModelTheTokenizerTheStateAndCheckpoints() {
        Cli run = finetune("--max-steps", "4", "--save-steps", "2", "--per-device-train-batch-size", "4");
        assertThat(names(out))
                .containsExactlyInAnyOrder(
                        "checkpoint-2",
                        "checkpoint-4",
                        "config.json",
                        "events.jsonl",
                        "generation_config.json",
                        "model.safetensors",
                        "run.yaml",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "trainer_state.json",
                        "training_args.json");
        assertThat(run.err())
                .contains("Cleaning: 10 rows read, 10 kept", "held out         2 rows", "chat template", "4/4")
                .contains("Saved model and tokenizer to " + out + "\n");
        assertThat(Cli.succeed("generate", "--model", out.toString(), "--prompt", "问", "--max-new-tokens", "2")
                        .err())
                .isEmpty();
    }

    @Test
    void rowsCanBePacked() {
        Cli packed = finetune("--packing", "true", "--max-steps", "2", "--save-strategy", "no");
        assertThat(packed.err())
                .containsPattern("packs +8 in \\d packs of at most 64 tokens, \\d\\d?\\.\\d % full")
                .containsPattern("packs +2 in \\d packs of at most 64 tokens");
        out = folder.resolve("other");
        Cli halfPacked = finetune("--packing", "true", "--eval-packing", "false", "--max-steps", "1");
        assertThat(halfPacked.err()).containsOnlyOnce("packs of at most 64 tokens");
    }

    @Test
    void onlyTheTopLayerCanBeTrained() {
        Cli run = finetune("--freeze-trainable-layers", "1", "--frozen-modules", "mlp", "norm", "--max-steps", "1");
        assertThat(run.err()).containsPattern("parameters +0.0 of 0.0 million trained");
        Cli refused = Cli.run(
                "finetune",
                "--model",
                base,
                "--train-file",
                rows,
                "--output-dir",
                folder + "/no",
                "--cache-frozen",
                "true");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.lastError()).contains("Option cache_frozen needs frozen embeddings");
    }

    @Test
    void aRunCanBeWatched() throws IOException {
        finetune("--max-steps", "4", "--logging-steps", "1", "--report-to", "tensorboard", "--save-strategy", "no");
        assertThat(names(out)).contains("events.jsonl", "training_loss.png", "runs");
        assertThat(Files.readAllLines(out.resolve("events.jsonl"))).hasSize(6); // four steps, the end, the evaluation
        assertThat(names(out.resolve("runs"))).hasSize(1);
    }

    @Test
    void logsOfARunThatFailedEarlyAreNoOutput() throws IOException {
        Files.createDirectories(out.resolve("runs"));
        Files.writeString(out.resolve("events.jsonl"), "{}\n");
        finetune("--max-steps", "1", "--save-strategy", "no");
        assertThat(Files.readString(out.resolve("events.jsonl")))
                .doesNotStartWith("{}")
                .contains("\"end\"");
    }

    @Test
    void theFiguresOfTheHeldOutRowsArePrinted() {
        Cli run = finetune("--max-steps", "2");
        assertThat(run.out()).hasLineCount(1);
        assertThat(JsonMapper.shared().readTree(run.out()).path("eval_loss").asDouble())
                .isBetween(5.0, 6.0);
    }

    @Test
    void nothingIsPrintedWhenNothingIsHeldOut() {
        Cli run = finetune("--max-steps", "2", "--test-size", "0");
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("held out         nothing (--test-size 0)");
    }

    @Test
    void anEvaluationFileTakesThePlaceOfTheSplit() {
        String eval = Cli.lines(folder.resolve("eval.csv"), "Question,Answer", "甲,一", "乙,二", "丙,三")
                .toString();
        Cli run = finetune("--max-steps", "2", "--eval-file", eval);
        assertThat(run.err()).contains("training rows    10 rows", "evaluation rows  3 rows", "--eval-file " + eval);
    }

    @Test
    void theFiguresPrintedAreThoseOfTheBestModelWhenItIsLoaded() {
        // The learning rate ruins the model step by step: the first evaluation is the best.
        Cli run = finetune(
                "--max-steps",
                "6",
                "--learning-rate",
                "5",
                "--eval-strategy",
                "steps",
                "--eval-steps",
                "2",
                "--save-steps",
                "2",
                "--load-best-model-at-end",
                "--lr-scheduler-type",
                "constant");
        JsonNode state = state();
        double best = state.path("best_metric").asDouble();
        assertThat(state.path("log_history").path(2).path("eval_loss").asDouble())
                .isGreaterThan(best);
        assertThat(JsonMapper.shared().readTree(run.out()).path("eval_loss").asDouble())
                .isEqualTo(best);
    }

    @Test
    void earlyStoppingEndsTheRunWithTheBestModel() {
        Cli run = finetune(Cli.words(
                List.of("--max-steps", "30", "--learning-rate", "5", "--lr-scheduler-type", "constant"),
                List.of("--eval-strategy", "steps", "--eval-steps", "1", "--save-strategy", "best"),
                List.of("--load-best-model-at-end", "--early-stopping-patience", "2")));
        JsonNode state = state();
        assertThat(state.path("global_step").asInt()).isBetween(3, 29);
        assertThat(run.err()).doesNotContain("Stopped at step").contains("Saved model and tokenizer to " + out);
        assertThat(JsonMapper.shared().readTree(run.out()).path("eval_loss").asDouble())
                .isEqualTo(state.path("best_metric").asDouble());
    }

    @Test
    void theRunFileRepeatsTheRun() throws IOException {
        finetune("--max-steps", "3", "--learning-rate", "1e-2", "--no-clean", "--max_length", "40");
        Path again = folder.resolve("again");
        Cli.succeed("finetune", "--config", out.resolve("run.yaml").toString(), "--output-dir", again.toString());
        assertThat(Files.mismatch(out.resolve("model.safetensors"), again.resolve("model.safetensors")))
                .isEqualTo(-1);
        assertThat(Files.readString(again.resolve("run.yaml")))
                .isEqualTo(Files.readString(out.resolve("run.yaml")).replace(out.toString(), again.toString()))
                .contains("max_length: 40");
    }

    @Test
    void resumingStartsAnewWhereThereIsNoCheckpointAndEndsAtOnceWhereAllIsDone() throws IOException {
        Cli first = finetune("--max-steps", "3", "--resume-from-checkpoint", "true");
        assertThat(first.err()).contains("3 steps in").doesNotContain("Goes on");
        byte[] weights = Files.readAllBytes(out.resolve("model.safetensors"));
        Cli second = finetune("--max-steps", "3", "--resume-from-checkpoint", "true");
        assertThat(second.err()).contains("Goes on after step 3 of 3.", "0 steps in");
        assertThat(out.resolve("model.safetensors")).hasBinaryContent(weights);
        Cli third = finetune(
                "--max-steps",
                "5",
                "--resume-from-checkpoint",
                out.resolve("checkpoint-3").toString());
        assertThat(third.err()).contains("Goes on after step 3 of 5.", "2 steps in");
    }

    @Test
    void aClassifierLearnsTheLabelsOfTheData() throws IOException {
        String labelled = Cli.lines(folder.resolve("labels.csv"), "ask,dept", "甲,内科", "乙,外科", "丙,内科", "丁,外科", "戊,内科")
                .toString();
        String[] words = Cli.words(
                List.of("finetune", "--task", "sequence-classification", "--model", base, "--train-file", labelled),
                List.of("--text-column", "ask", "--label-column", "dept", "--max-steps", "2", "--save-strategy", "no"));
        Cli run = Cli.succeed(Cli.words(List.of(words), List.of("--output-dir", out.toString(), "--seed", "1")));
        assertThat(run.err()).contains("labels           内科, 外科 (those of the data, in order)");
        assertThat(JsonMapper.shared().readTree(run.out()).path("eval_accuracy").isNumber())
                .isTrue();
        assertThat(Files.readString(out.resolve("config.json"))).contains("\"0\" : \"内科\"", "\"外科\" : 1");
        // The new head is drawn from --seed: the same again with the same, another with another.
        Path same = folder.resolve("same");
        Cli.succeed(Cli.words(List.of(words), List.of("--output-dir", same.toString(), "--seed", "1")));
        assertThat(Files.mismatch(out.resolve("model.safetensors"), same.resolve("model.safetensors")))
                .isEqualTo(-1);
        Path other = folder.resolve("other");
        Cli.succeed(Cli.words(
                List.of(words), List.of("--output-dir", other.toString(), "--seed", "2", "--learning-rate", "0")));
        Path unchanged = folder.resolve("unchanged");
        Cli.succeed(Cli.words(
                List.of(words), List.of("--output-dir", unchanged.toString(), "--seed", "1", "--learning-rate", "0")));
        assertThat(Files.mismatch(other.resolve("model.safetensors"), unchanged.resolve("model.safetensors")))
                .isNotEqualTo(-1);
    }

    @Test
    void emptyCellsThatAreNotCleanedAreEmptyTexts() {
        String gaps = Cli.lines(folder.resolve("gaps.csv"), "Question,Answer", ",一", "乙,", "丙,三")
                .toString();
        Cli run = Cli.succeed(
                "finetune",
                "--model",
                base,
                "--train-file",
                gaps,
                "--output-dir",
                out.toString(),
                "--no-clean",
                "--test-size",
                "0",
                "--max-steps",
                "1",
                "--prompt-style",
                "text");
        assertThat(run.err()).contains("training rows    3 rows", "prompt style     text (--prompt-style)");
    }

    @Test
    void rowsThatAreCutAreCounted() {
        Cli run = finetune("--max-steps", "1", "--max-length", "30");
        assertThat(run.err()).containsPattern("longest 30, \\d rows cut by \\d+ tokens");
    }

    @Test
    void rowsWhosePromptFillsTheLengthAreLeftOutAndCounted() {
        rows = Cli.lines(
                        folder.resolve("long.csv"),
                        "Question,Answer",
                        "甲,一",
                        "问".repeat(70) + ",一",
                        "乙,一",
                        "答".repeat(70) + ",一")
                .toString();
        Cli run = finetune("--max-steps", "1", "--test-size", "0");
        assertThat(run.err())
                .containsPattern("training rows +2 rows, ")
                .containsPattern("left out +2 of the training rows, the first: \"问{20}…\" \\(their prompt fills");
        // TRL packs such rows with the others.
        out = folder.resolve("packed");
        Cli trl = finetune("--max-steps", "1", "--test-size", "0", "--packing", "--hf-compat");
        assertThat(trl.err()).doesNotContain("left out").containsPattern("packs +4 in 3 packs");
    }

    @Test
    void aFileOfPythonsMayAskForTheLossOfPromptsAndForMorePositionsThanThereAre() {
        Path file = Cli.lines(
                folder.resolve("args.json"),
                "{\"completion_only_loss\": false, \"max_length\": 1024, \"loss_type\": \"dft\","
                        + " \"assistant_only_loss\": false, \"max_steps\": 1}");
        Cli run = finetune("--config", file.toString());
        assertThat(run.err())
                .contains("Question -> Answer (the loss counts both, --completion-only-loss false)")
                .contains("64 tokens (the file has the default, 1024; the model has positions for 64)")
                .contains("each weighted by its probability (dft)");
        out = folder.resolve("all");
        Cli refused = Cli.run(Cli.words(
                List.of("finetune", "--model", base, "--train-file", rows, "--output-dir", out.toString()),
                List.of("--assistant-only-loss")));
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.lastError()).startsWith("Option assistant_only_loss is for conversations");
    }

    @Test
    void theLevelDecidesWhatIsTold() {
        String[] noted = {"--max-steps", "1", "--save-strategy", "no", "--ddp-backend", "gloo", "--use-liger-kernel"};
        String[] notes = {
            "Option --use-liger-kernel has no effect here: the loss is computed in chunks anyway.",
            "Option ddp_backend has no effect here: a run has one process."
        };
        assertThat(finetune(noted).err()).contains(notes).contains("Plan\n", "1/1");
        out = folder.resolve("warning");
        Cli warning = finetune(Cli.words(List.of(noted), List.of("--log-level", "warning")));
        assertThat(warning.err()).isEqualTo(String.join("\n", notes) + "\n");
        assertThat(warning.out()).contains("eval_loss");
        out = folder.resolve("error");
        assertThat(finetune(Cli.words(List.of(noted), List.of("--log-level", "error")))
                        .err())
                .isEmpty();
    }

    @Test
    void memoryAndTheNameOfARunAreWhereTheyAreLookedFor() {
        Cli run = finetune(Cli.words(
                List.of("--max-steps", "1", "--save-strategy", "no", "--report-to", "tensorboard"),
                List.of("--run-name", "night", "--skip-memory-metrics", "false")));
        assertThat(names(out.resolve("runs"))).containsExactly("night");
        boolean linux = Files.exists(Path.of("/proc/self/status"));
        assertThat(state().path("log_history").path(0).has("train_mem_cpu_peaked_delta"))
                .isEqualTo(linux);
        assertThat(JsonMapper.shared().readTree(run.out()).has("eval_mem_cpu_peaked_delta"))
                .isEqualTo(linux);
    }

    @Test
    void aRunWithoutAStrategyToSaveStillSavesTheModel() {
        finetune("--max-steps", "1", "--save-strategy", "no");
        assertThat(names(out)).contains("model.safetensors", "run.yaml", "trainer_state.json");
    }

    private JsonNode state() {
        try {
            return JsonMapper.shared().readTree(Files.readString(out.resolve("trainer_state.json")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> names(Path folder) {
        return List.of(folder.toFile().list());
    }

    private Cli finetune(String... more) {
        return Cli.succeed(Cli.words(
                List.of("finetune", "--model", base, "--train-file", rows, "--output-dir", out.toString()),
                List.of(more)));
    }
}
