package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that goes on from a checkpoint ends as the run that was never interrupted; the models have dropout. */
class ResumeTest {
    @TempDir
    Path out;

    /** Epochs have 3 steps, or 2 with accumulation, so that some of these steps end one and others do not. */
    @ParameterizedTest
    @CsvSource({
        "5, 1, NO, STEPS",
        "6, 1, NO, STEPS",
        "5, 2, NO, STEPS",
        "4, 2, NO, STEPS",
        "5, 1, STEPS, STEPS",
        "6, 1, STEPS, STEPS",
        "6, 1, EPOCH, STEPS",
        "6, 1, EPOCH, EPOCH",
        "5, 1, EPOCH, EPOCH",
        "10, 1, EPOCH, EPOCH"
    })
    void tenStepsAreFiveAndFiveMore(int from, int accumulation, IntervalStrategy evaluation, IntervalStrategy logging) {
        TrainingArguments arguments = TinyRun.arguments(out)
                .maxSteps(10)
                .gradientAccumulationSteps(accumulation)
                .weightDecay(0.1)
                .warmupSteps(2)
                .loggingStrategy(logging)
                .loggingSteps(4)
                .evalStrategy(evaluation)
                .evalSteps(2)
                .saveSteps(from);
        TinyRun whole = TinyRun.of(arguments);
        assertSameEnd(resumed(arguments, checkpoint(from).toString()), whole);
    }

    @Test
    void checkpointOfAnEpochsEndGoesOnWithTheNext() {
        TrainingArguments arguments = TinyRun.arguments(out)
                .maxSteps(8)
                .loggingStrategy(IntervalStrategy.EPOCH)
                .evalStrategy(IntervalStrategy.EPOCH)
                .saveStrategy(SaveStrategy.EPOCH);
        TinyRun whole = TinyRun.of(arguments);
        for (int step : new int[] {3, 6, 8}) {
            assertSameEnd(resumed(arguments, checkpoint(step).toString()), whole);
        }
    }

    @Test
    void runStoppedByACallbackGoesOn() {
        TrainingArguments arguments = TinyRun.arguments(out)
                .maxSteps(7)
                .loggingStrategy(IntervalStrategy.EPOCH)
                .evalStrategy(IntervalStrategy.EPOCH)
                .saveStrategy(SaveStrategy.NO);
        TinyRun whole = TinyRun.of(arguments);
        for (int stop : new int[] {4, 6}) {
            TinyRun.of(
                    arguments,
                    event -> event instanceof TrainingEvent.StepEnd end && end.step() == stop
                            ? TrainerCallback.Decision.SAVE_AND_STOP
                            : TrainerCallback.Decision.CONTINUE);
            assertSameEnd(resumed(arguments, checkpoint(stop).toString()), whole);
        }
    }

    @Test
    void longerRunGoesOnFromTheEndOfAShorterOne() {
        TrainingArguments shorter = TinyRun.arguments(out)
                .lrSchedulerType(SchedulerType.CONSTANT)
                .saveStrategy(SaveStrategy.EPOCH)
                .maxSteps(5);
        TinyRun.of(shorter);
        TinyRun longer = resumed(shorter.maxSteps(8), checkpoint(5).toString());

        assertSameWeights(longer, TinyRun.of(shorter.maxSteps(8)));
    }

    /** As in Python: the steps go on, the epoch's rows begin anew. */
    @Test
    void ignoreDataSkipBeginsTheEpochsRowsAnew() {
        TrainingArguments arguments = TinyRun.arguments(out).maxSteps(6).saveSteps(4);
        List<String> whole = new ArrayList<>();
        TinyRun.of(1, arguments, builder -> builder.dataCollator(recording(whole)));
        List<String> resumed = new ArrayList<>();
        TinyRun run = TinyRun.of(
                2,
                arguments
                        .ignoreDataSkip(true)
                        .resumeFromCheckpoint(checkpoint(4).toString()),
                builder -> builder.dataCollator(recording(resumed)));

        assertThat(resumed).isEqualTo(whole.subList(3, 5)).isNotEqualTo(whole.subList(4, 6));
        assertThat(run.state().globalStep()).isEqualTo(6);
        assertThat(run.state().epoch()).isEqualTo(1 + 2 / 3.0);
    }

    private static DataCollator recording(List<String> batches) {
        return rows -> {
            MiniBatch batch = DataCollator.forCausalLM(0).collate(rows);
            batches.add(Arrays.deepToString(batch.input().inputIds()));
            return batch;
        };
    }

    @Test
    void trueTakesTheNewestThatIsWhole() throws IOException {
        TrainingArguments arguments = TinyRun.arguments(out).maxSteps(11).saveSteps(1);
        TinyRun whole = TinyRun.of(arguments);
        truncate(checkpoint(11).resolve("model.safetensors"));
        truncate(checkpoint(10).resolve("trainer_state.json"));
        Files.delete(checkpoint(9).resolve("optimizer.safetensors"));
        truncate(checkpoint(8).resolve("rng_state.safetensors"));
        Files.delete(checkpoint(7).resolve("progress.json"));

        TinyRun resumed = resumed(arguments, "true");

        assertThat(startStep(resumed)).isEqualTo(6);
        assertThat(resumed.warnings())
                .hasSize(5)
                .anyMatch(text -> text.matches("Passing over checkpoint-11: .*model.safetensors has .* bytes.*"))
                .anyMatch(text -> text.startsWith("Passing over checkpoint-9: ")
                        && text.contains("optimizer.safetensors is missing"));
        assertSameEnd(resumed, whole);
    }

    @Test
    void trueWithoutAWholeCheckpointStartsAnew() throws IOException {
        TrainingArguments arguments = TinyRun.arguments(out).maxSteps(2);
        assertThat(resumed(arguments, "true").state().globalStep()).isEqualTo(2);

        Files.delete(checkpoint(2).resolve("optimizer.safetensors"));
        assertThat(startStep(resumed(arguments, "true"))).isZero();
    }

    @Test
    void falseStartsAnew() {
        TrainingArguments arguments = TinyRun.arguments(out).maxSteps(2);
        assertThat(resumed(arguments, "false").state().globalStep()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.safetensors",
                "optimizer.safetensors",
                "rng_state.safetensors",
                "trainer_state.json",
                "progress.json"
            })
    void brokenFileIsNamed(String file) throws IOException {
        TrainingArguments arguments = TinyRun.arguments(out).maxSteps(1);
        TinyRun.of(arguments);
        truncate(checkpoint(1).resolve(file));

        assertThatThrownBy(() -> resumed(arguments, checkpoint(1).toString()))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining(checkpoint(1).resolve(file).toString());
    }

    @Test
    void folderThatIsNotThereOrOfAnotherModelIsNamed() {
        TrainingArguments arguments = TinyRun.arguments(out).maxSteps(1);
        assertThatThrownBy(() -> resumed(arguments, checkpoint(3).toString()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no checkpoint folder " + checkpoint(3));

        TinyRun.of(arguments);
        try (CausalLM larger = TinyModels.causalLM(1, json -> json.put("num_hidden_layers", 3))) {
            Trainer trainer = Trainer.builder(larger, arguments.resumeFromCheckpoint("true"))
                    .trainDataset(TinyRun.TRAIN)
                    .build();
            assertThatThrownBy(trainer::train)
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("missing model.layers.2.");
        }
    }

    private static int startStep(TinyRun run) {
        return run.events().stream()
                .filter(TrainingEvent.TrainBegin.class::isInstance)
                .mapToInt(event -> ((TrainingEvent.TrainBegin) event).startStep())
                .sum();
    }

    /** A new process: other first weights, other random stream. */
    private static TinyRun resumed(TrainingArguments arguments, String checkpoint) {
        return TinyRun.of(99, arguments.resumeFromCheckpoint(checkpoint), builder -> builder);
    }

    private static void assertSameEnd(TinyRun actual, TinyRun expected) {
        assertThat(actual.logWithoutTimes()).isEqualTo(expected.logWithoutTimes());
        assertSameWeights(actual, expected);
    }

    private static void assertSameWeights(TinyRun actual, TinyRun expected) {
        expected.weights()
                .forEach((name, values) ->
                        assertThat(actual.weights().get(name)).as(name).isEqualTo(values));
    }

    private Path checkpoint(int step) {
        return out.resolve("checkpoint-" + step);
    }

    private static void truncate(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }
}
