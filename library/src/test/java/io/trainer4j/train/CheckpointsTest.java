package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.testing.TinyModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir
    Path out;

    @Test
    void failureWhileWritingLeavesWhatWasThere() {
        Checkpoints checkpoints = new Checkpoints(out);
        checkpoints.write(1, List.of(folder -> put(folder, "old")));
        checkpoints.write(2, List.of(folder -> put(folder, "old")));

        assertThatThrownBy(() -> checkpoints.write(2, List.of(folder -> {
                    put(folder, "half");
                    throw new TrainerException("disk full");
                })))
                .hasMessage("disk full");

        assertThat(names()).containsExactly("checkpoint-1", "checkpoint-2");
        assertThat(checkpoints.path(2).resolve("file")).hasContent("old");
    }

    @Test
    void sameStepAgainReplacesTheFolderAndWhatACrashLeft() throws IOException {
        Checkpoints checkpoints = new Checkpoints(out);
        checkpoints.write(2, List.of(folder -> put(folder, "old")));
        Files.createDirectories(out.resolve(".checkpoint-2.tmp/left"));

        checkpoints.write(2, List.of(folder -> put(folder, "new")));

        assertThat(names()).containsExactly("checkpoint-2");
        assertThat(checkpoints.path(2).resolve("file")).hasContent("new");
    }

    @Test
    void recoverRemovesWhatIsHalfDoneAndBringsBackWhatWasToBeReplaced() throws IOException {
        Checkpoints checkpoints = written(1, 3);
        Files.createDirectories(out.resolve(".checkpoint-2.tmp/left"));
        Files.move(checkpoints.path(3), out.resolve(".checkpoint-3.former"));
        Files.createDirectories(out.resolve(".checkpoint-3.tmp"));
        Files.createDirectories(out.resolve(".checkpoint-1.former"));
        Files.createDirectories(out.resolve(".my-checkpoint-1.tmp"));

        checkpoints.recover();

        assertThat(names()).containsExactly(".my-checkpoint-1.tmp", "checkpoint-1", "checkpoint-3");
        assertThat(checkpoints.path(3).resolve("file")).hasContent("content");
    }

    @Test
    void folderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(out.resolve("file"), "");

        assertThatThrownBy(() -> new Checkpoints(file).write(1, List.of(folder -> put(folder, "new"))))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining(file.resolve("checkpoint-1").toString());
    }

    @Test
    void rotationRemovesTheOldestByNumber() {
        Checkpoints checkpoints = written(2, 9, 10, 11);

        checkpoints.rotate(2, null);

        assertThat(names()).containsExactly("checkpoint-10", "checkpoint-11");
    }

    @Test
    void rotationKeepsTheBestAndTheNewest() {
        Checkpoints checkpoints = written(1, 2, 3, 4);
        checkpoints.rotate(2, checkpoints.path(2).toString());
        assertThat(names()).containsExactly("checkpoint-2", "checkpoint-4");

        checkpoints.rotate(1, checkpoints.path(2).toString());
        assertThat(names()).containsExactly("checkpoint-2", "checkpoint-4");
    }

    @Test
    void otherFoldersAreNoCheckpoints() throws IOException {
        Files.createDirectory(out.resolve("checkpoint-best"));
        Files.createDirectory(out.resolve("my-checkpoint-1"));
        Checkpoints checkpoints = written(5, 6);

        checkpoints.rotate(1, null);

        assertThat(names()).containsExactly("checkpoint-6", "checkpoint-best", "my-checkpoint-1");
    }

    @Test
    void runKeepsTheNewestAndTheBest() {
        TinyRun run = TinyRun.of(1, risingMetric(-1).saveTotalLimit(2), builder -> builder.computeMetrics(rising()));

        assertThat(names()).containsExactly("checkpoint-1", "checkpoint-6");
        assertThat(run.state().bestMetric()).isEqualTo(1);
        assertThat(run.state().bestModelCheckpoint())
                .isEqualTo(out.resolve("checkpoint-1").toString());
    }

    @Test
    void bestModelIsLoadedAtTheEnd() {
        TinyRun run =
                TinyRun.of(1, risingMetric(-1).loadBestModelAtEnd(true), builder -> builder.computeMetrics(rising()));

        assertThat(run.weights()).usingRecursiveComparison().isEqualTo(weightsOf("checkpoint-1"));
        assertThat(weightsOf("checkpoint-1")).usingRecursiveComparison().isNotEqualTo(weightsOf("checkpoint-6"));
    }

    @Test
    void bestModelIsAlsoLoadedAfterEarlyStopping() {
        TrainerCallback impatient =
                event -> event instanceof TrainingEvent.Evaluate evaluation && evaluation.step() == 3
                        ? TrainerCallback.Decision.STOP
                        : TrainerCallback.Decision.CONTINUE;
        TinyRun run = TinyRun.of(
                1,
                risingMetric(-1).loadBestModelAtEnd(true),
                builder -> builder.computeMetrics(rising()).callback(impatient));

        assertThat(run.state().globalStep()).isEqualTo(3);
        assertThat(run.weights()).usingRecursiveComparison().isEqualTo(weightsOf("checkpoint-1"));
    }

    @Test
    void greaterIsBetterTakesTheLast() {
        TinyRun run = TinyRun.of(1, risingMetric(1), builder -> builder.computeMetrics(rising()));

        assertThat(run.state().bestMetric()).isEqualTo(6);
    }

    @Test
    void metricThatIsNoNumberIsNeverTheBest() {
        int[] count = {0};
        TinyRun run = TinyRun.of(
                1,
                risingMetric(1),
                builder -> builder.computeMetrics(
                        shown -> Map.of("rising", count[0]++ == 0 ? Double.NaN : (double) count[0])));

        assertThat(run.state().bestMetric()).isEqualTo(6);
    }

    @Test
    void metricThatIsNotMeasuredIsNamed() {
        assertThatThrownBy(() -> TinyRun.of(risingMetric(1).metricForBestModel("f1")))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("metric_for_best_model is eval_f1")
                .hasMessageContaining("eval_loss");
    }

    @Test
    void bestCheckpointThatIsGoneIsForgottenOnResume() throws IOException {
        TinyRun.of(1, risingMetric(-1), builder -> builder.computeMetrics(rising()));
        try (Stream<Path> files = Files.list(out.resolve("checkpoint-1"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(out.resolve("checkpoint-1"));

        TinyRun resumed = TinyRun.of(
                1,
                risingMetric(-1).loadBestModelAtEnd(true).resumeFromCheckpoint("true"),
                builder -> builder.computeMetrics(rising()));

        assertThat(resumed.state().bestModelCheckpoint()).isNull();
        assertThat(resumed.weights()).usingRecursiveComparison().isEqualTo(weightsOf("checkpoint-6"));
    }

    /** Six steps, each evaluated and saved. */
    private TrainingArguments risingMetric(int sign) {
        return TinyRun.arguments(out)
                .maxSteps(6)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(1)
                .saveSteps(1)
                .metricForBestModel("rising")
                .greaterIsBetter(sign > 0);
    }

    /** A metric that is 1 at the first evaluation, 2 at the second, and so on. */
    private static ComputeMetrics rising() {
        int[] count = {0};
        return shown -> Map.of("rising", (double) ++count[0]);
    }

    private Map<String, float[]> weightsOf(String checkpoint) {
        try (CausalLM model = AutoModelForCausalLM.fromPretrained(out.resolve(checkpoint))) {
            return TinyModels.weights(model);
        }
    }

    private Checkpoints written(int... steps) {
        Checkpoints checkpoints = new Checkpoints(out);
        for (int step : steps) {
            checkpoints.write(step, List.of(folder -> put(folder, "content")));
        }
        return checkpoints;
    }

    private static void put(Path folder, String content) {
        try {
            Files.writeString(folder.resolve("file"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> names() {
        try (Stream<Path> entries = Files.list(out)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
