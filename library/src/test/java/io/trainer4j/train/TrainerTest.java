package io.trainer4j.train;

import static io.trainer4j.train.TrainerCallback.Decision.CONTINUE;
import static io.trainer4j.train.TrainerCallback.Decision.EVALUATE;
import static io.trainer4j.train.TrainerCallback.Decision.SAVE;
import static io.trainer4j.train.TrainerCallback.Decision.SAVE_AND_STOP;
import static io.trainer4j.train.TrainerCallback.Decision.STOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.ModelInput;
import io.trainer4j.testing.TinyModels;
import io.trainer4j.train.TrainerCallback.Decision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a run logs, tells and saves, and when. The expected rows and events are those transformers 5.17 gives for the same
 * arguments with 10 training and 5 evaluation rows in batches of 4.
 */
class TrainerTest {
    private static final String LOSS = "loss grad_norm learning_rate epoch step";
    private static final String SUMMARY =
            "train_runtime train_samples_per_second train_steps_per_second total_flos" + " train_loss epoch step";
    private static final String EVALUATION = "eval_loss eval_mean_token_accuracy eval_perplexity eval_runtime"
            + " eval_samples_per_second eval_steps_per_second epoch step";

    @TempDir
    Path out;

    @Test
    void logsEvaluatesAndSavesBySteps() {
        TinyRun run = TinyRun.of(arguments()
                .numTrainEpochs(2)
                .loggingSteps(2)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(3)
                .saveSteps(4));

        assertThat(rows(run))
                .containsExactly(
                        LOSS + " 0.6666666666666666 2",
                        EVALUATION + " 1.0 3",
                        LOSS + " 1.3333333333333333 4",
                        LOSS + " 2.0 6",
                        EVALUATION + " 2.0 6",
                        SUMMARY + " 2.0 6");
        assertThat(run.eventNames())
                .isEqualTo("TrainBegin step1 step2 Log step3 Log Evaluate EpochEnd step4 Log Save step5"
                        + " step6 Log Log Evaluate Save EpochEnd Log TrainEnd");
        assertThat(out.resolve("checkpoint-4")).isDirectory();
        assertThat(out.resolve("checkpoint-6")).isDirectory();
    }

    @Test
    void logsEvaluatesAndSavesByEpochs() {
        TinyRun run = TinyRun.of(everyEpoch().numTrainEpochs(2).gradientAccumulationSteps(2));

        assertThat(rows(run))
                .containsExactly(
                        LOSS + " 1.0 2",
                        EVALUATION + " 1.0 2",
                        LOSS + " 2.0 4",
                        EVALUATION + " 2.0 4",
                        SUMMARY + " 2.0 4");
        assertThat(run.eventNames())
                .isEqualTo("TrainBegin step1 step2 EpochEnd Log Log Evaluate Save step3 step4 EpochEnd Log Log"
                        + " Evaluate Save Log TrainEnd");
    }

    @Test
    void runThatEndsInsideAnEpochStillEndsIt() {
        TinyRun run = TinyRun.of(everyEpoch().numTrainEpochs(1.4));

        assertThat(rows(run))
                .containsExactly(
                        LOSS + " 1.0 3",
                        EVALUATION + " 1.0 3",
                        LOSS + " 1.6666666666666665 5",
                        EVALUATION + " 1.6666666666666665 5",
                        SUMMARY + " 1.6666666666666665 5");
        assertThat(out.resolve("checkpoint-5")).isDirectory();
    }

    @Test
    void maxStepsWithFirstStepLoggedAndEvaluationOnStart() {
        TinyRun run = TinyRun.of(arguments()
                .maxSteps(5)
                .loggingFirstStep(true)
                .loggingSteps(0.5)
                .evalOnStart(true)
                .evalStrategy(IntervalStrategy.EPOCH)
                .saveStrategy(SaveStrategy.NO));

        assertThat(rows(run))
                .containsExactly(
                        EVALUATION + " 0.0 0",
                        LOSS + " 0.3333333333333333 1",
                        LOSS + " 1.0 3",
                        EVALUATION + " 1.0 3",
                        EVALUATION + " 1.6666666666666665 5",
                        SUMMARY + " 1.6666666666666665 5");
        assertThat(run.eventNames())
                .isEqualTo("TrainBegin Log Evaluate step1 Log step2 step3 Log EpochEnd Log Evaluate step4"
                        + " step5 EpochEnd Log Evaluate Log TrainEnd");
        assertThat(out).isEmptyDirectory();
    }

    @Test
    void firstEvaluationsAreDelayed() {
        TinyRun run = TinyRun.of(arguments()
                .numTrainEpochs(2)
                .loggingSteps(3)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(2)
                .evalDelay(3)
                .saveStrategy(SaveStrategy.NO));

        assertThat(rows(run))
                .containsExactly(
                        LOSS + " 1.0 3",
                        EVALUATION + " 1.3333333333333333 4",
                        LOSS + " 2.0 6",
                        EVALUATION + " 2.0 6",
                        SUMMARY + " 2.0 6");
    }

    @Test
    void loggedLossIsTheMeanSinceTheLastLog() {
        TinyRun run = TinyRun.of(quiet().numTrainEpochs(2).loggingSteps(2));

        List<Double> losses = run.events().stream()
                .filter(TrainingEvent.StepEnd.class::isInstance)
                .map(event -> ((TrainingEvent.StepEnd) event).loss())
                .toList();
        assertThat((double) run.log().get(1).get("loss")).isEqualTo((losses.get(2) + losses.get(3)) / 2);
        assertThat((double) run.log().get(3).get("train_loss"))
                .isEqualTo(losses.stream().reduce(0.0, Double::sum) / 6);
    }

    /** Orders of transformers 5.17 with accelerate 1.15 for 10 rows in batches of 4. */
    @ParameterizedTest
    @CsvSource({"7, , '5 0 3 4|1 7 9 6|8 2|3 5 0 1|2 6 4 7|8 9'", "7, 3, '6 0 3 7|8 5 1 9|2 4|0 4 9 6|7 3 2 8|1 5'"})
    void shufflesAsAccelerate(long seed, Long dataSeed, String expected) {
        TrainingArguments arguments = quiet().numTrainEpochs(2).seed(seed);
        List<String> seen = new ArrayList<>();
        List<int[]> all = TinyRun.TRAIN.rows(0, 1, 2, 3, 4, 5, 6, 7, 8, 9).column("input_ids", int[].class);
        DataCollator recording = batch -> {
            seen.add(String.join(
                    " ",
                    batch.column("input_ids", int[].class).stream()
                            .map(row -> Integer.toString(all.indexOf(row)))
                            .toList()));
            return DataCollator.forCausalLM(0).collate(batch);
        };

        TinyRun.of(
                1,
                dataSeed == null ? arguments : arguments.dataSeed(dataSeed),
                builder -> builder.dataCollator(recording));

        assertThat(String.join("|", seen)).isEqualTo(expected);
    }

    @Test
    void timeThatStepsWaitForRowsIsPartOfTheRuntime() {
        List<TrainOutput> ends = new ArrayList<>();
        TinyRun.of(quiet(), event -> {
            if (event instanceof TrainingEvent.TrainEnd end) {
                ends.add(end.output());
            }
            return CONTINUE;
        });
        TrainOutput end = ends.get(0);
        assertThat(end.dataWaitSeconds()).isPositive().isLessThan(end.runtimeSeconds());
    }

    @Test
    void runThatCannotBeginLeavesNoNativeObjectBehind() {
        assertThatThrownBy(() -> TinyRun.of(quiet().optim(OptimizerNames.SGD).optimArgs("momentun=0.9")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("momentun");
    }

    @Test
    void seedDecidesTheRun() {
        TinyRun first = TinyRun.of(quiet().seed(1));
        TinyRun same = TinyRun.of(quiet().seed(1));
        TinyRun other = TinyRun.of(quiet().seed(2));

        assertThat(same.logWithoutTimes()).isEqualTo(first.logWithoutTimes());
        assertThat(same.weights()).usingRecursiveComparison().isEqualTo(first.weights());
        assertThat(other.weights()).usingRecursiveComparison().isNotEqualTo(first.weights());
    }

    @Test
    void callbackStopsInsideAnEpochWithoutEndingIt() {
        TinyRun run = TinyRun.of(everyEpoch().numTrainEpochs(2), after("step4", STOP));

        assertThat(run.eventNames())
                .isEqualTo("TrainBegin step1 step2 step3 EpochEnd Log Log Evaluate Save step4 Log TrainEnd");
        assertThat(run.events().get(run.events().size() - 1))
                .isInstanceOfSatisfying(TrainingEvent.TrainEnd.class, end -> {
                    assertThat(end.output().stopped()).isTrue();
                    assertThat(end.output().globalStep()).isEqualTo(4);
                });
    }

    @Test
    void callbackAsksForEvaluationAndCheckpoint() {
        TinyRun run = TinyRun.of(
                quiet().numTrainEpochs(1),
                after("step1", EVALUATE),
                after("step2", SAVE),
                after("step3", SAVE_AND_STOP));

        assertThat(run.eventNames())
                .isEqualTo("TrainBegin step1 Log Evaluate step2 Save step3 Save EpochEnd Log TrainEnd");
    }

    @Test
    void wishesOfSeveralCallbacksAreAllHeard() {
        TinyRun run = TinyRun.of(quiet().numTrainEpochs(1), after("step2", SAVE), after("step2", STOP));

        assertThat(run.eventNames()).isEqualTo("TrainBegin step1 step2 Save Log TrainEnd");
    }

    @ParameterizedTest
    @EnumSource(
            value = IntervalStrategy.class,
            names = {"STEPS", "EPOCH"})
    void evaluationMayAskToSaveAndStop(IntervalStrategy strategy) {
        TinyRun run = TinyRun.of(
                quiet().numTrainEpochs(3).evalStrategy(strategy).evalSteps(3), after("Evaluate", SAVE_AND_STOP));

        assertThat(run.eventNames().replace(" EpochEnd", ""))
                .isEqualTo("TrainBegin step1 step2 step3 Log Evaluate Save Log TrainEnd");
    }

    @Test
    void fewerRowsThanOneBatchTrainUnlessTheyAreDropped() {
        TrainingArguments large = quiet().perDeviceTrainBatchSize(16).numTrainEpochs(2);

        assertThat(TinyRun.of(large).state().globalStep()).isEqualTo(2);
        assertThatThrownBy(() -> TinyRun.of(large.dataloaderDropLast(true)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("10 rows, fewer than one batch of 16");
    }

    @Test
    void missingDataIsNamed() {
        assertThatThrownBy(() -> TinyRun.of(1, quiet(), builder -> builder.trainDataset(null)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("trainDataset");
        assertThatThrownBy(() -> TinyRun.of(1, everyEpoch(), builder -> builder.evalDataset(null)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("eval_strategy is EPOCH");
        try (CausalLM model = TinyModels.causalLM(1)) {
            Trainer trainer = Trainer.builder(model, quiet()).build();
            assertThatThrownBy(trainer::plan).isInstanceOf(UsageException.class).hasMessageContaining("trainDataset");
            assertThatThrownBy(trainer::evaluate)
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("evalDataset");
        }
    }

    @Test
    void lossThatIsNoNumberLeavesTheWeightsAsTheyWere() {
        assertStopsAtStep2("The loss of step 2 is NaN", loss -> loss.mul(new Scalar(Double.NaN)));
    }

    @Test
    void gradientThatIsNoNumberLeavesTheWeightsAsTheyWere() {
        // The square root of 0 has an infinite slope, so the loss is a number and its gradient is not.
        assertStopsAtStep2(
                "The gradient norm of step 2 is NaN",
                loss -> loss.mul(new Scalar(0.0)).sqrt());
    }

    private void assertStopsAtStep2(String message, UnaryOperator<Tensor> broken) {
        try (CausalLM model = TinyModels.causalLM(1)) {
            List<Map<String, float[]>> after = new ArrayList<>();
            LossFunction loss = (logits, labels, items) -> {
                Tensor right = logits.pow(new Scalar(2.0)).mean();
                return after.isEmpty() ? right : broken.apply(right);
            };
            Trainer trainer = Trainer.builder(model, quiet())
                    .trainDataset(TinyRun.TRAIN)
                    .computeLossFunc(loss)
                    .callback(event -> {
                        if (event instanceof TrainingEvent.StepEnd) {
                            after.add(TinyModels.weights(model));
                        }
                        return CONTINUE;
                    })
                    .build();

            assertThatThrownBy(trainer::train)
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining(message);
            assertThat(after).hasSize(1);
            assertThat(TinyModels.weights(model)).usingRecursiveComparison().isEqualTo(after.get(0));
        }
    }

    @Test
    void groupWithoutAnyLabelIsNamed() {
        DataCollator none = rows -> {
            MiniBatch batch = DataCollator.forCausalLM(0).collate(rows);
            for (int[] labels : batch.labels()) {
                Arrays.fill(labels, MiniBatch.IGNORED);
            }
            return batch;
        };

        assertThatThrownBy(() -> TinyRun.of(1, quiet(), builder -> builder.dataCollator(none)))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("Step 1 has no label");
    }

    /** transformers 5.17, Trainer.floating_point_ops of 4 rows of 6 tokens for a Qwen2 of these sizes. */
    @Test
    void floatingPointOperationsFollowTransformers() {
        try (CausalLM model =
                TinyModels.causalLM(1, json -> json.put("num_hidden_layers", 1).put("tie_word_embeddings", false))) {
            MiniBatch batch = new MiniBatch(ModelInput.of(new int[4][6]), new int[4][6]);

            assertThat(GradientAccumulation.floatingPointOperations(model, batch))
                    .isEqualTo(490752);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "model.embed_tokens.weight, true",
        "bert.embeddings.word_embeddings.weight, true",
        "bert.embeddings.position_embeddings.weight, true",
        "bert.embeddings.LayerNorm.weight, false",
        "lm_head.weight, false"
    })
    void embeddingsAreToldByName(String name, boolean embedding) {
        assertThat(ParameterNames.isEmbedding(name)).isEqualTo(embedding);
    }

    /** Asks for something whenever an event of that name has happened. */
    private static TrainerCallback after(String name, Decision wish) {
        return event -> {
            String happened = event instanceof TrainingEvent.StepEnd step
                    ? "step" + step.step()
                    : event.getClass().getSimpleName();
            return happened.equals(name) ? wish : CONTINUE;
        };
    }

    private TrainingArguments arguments() {
        return TinyRun.arguments(out);
    }

    private TrainingArguments quiet() {
        return arguments().saveStrategy(SaveStrategy.NO);
    }

    private TrainingArguments everyEpoch() {
        return arguments()
                .loggingStrategy(IntervalStrategy.EPOCH)
                .evalStrategy(IntervalStrategy.EPOCH)
                .saveStrategy(SaveStrategy.EPOCH);
    }

    /** Names of each row in order, with its epoch and step. */
    private static List<String> rows(TinyRun run) {
        return run.log().stream()
                .map(row -> String.join(" ", row.keySet()) + " " + row.get("epoch") + " " + row.get("step"))
                .toList();
    }
}
