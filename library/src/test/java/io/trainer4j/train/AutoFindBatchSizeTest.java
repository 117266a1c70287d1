package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.TrainerException;
import io.trainer4j.data.Batch;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run for which memory becomes too small goes on with smaller batches and the same steps. */
class AutoFindBatchSizeTest {
    @TempDir
    Path out;

    /** What the run saw: the tokens of every row, in order, and what it left. */
    private record Seen(List<int[]> rows, List<Double> losses, Map<String, float[]> weights, TrainerState state) {}

    /** Batches and last batches of odd sizes, with and without accumulation, down to one row. */
    @ParameterizedTest
    @CsvSource({"4, 1, 2, 2", "4, 3, 1, 1", "5, 1, 2, 2", "7, 2, 3, 2", "10, 1, 4, 3", "3, 1, 1, 1"})
    void stepsAreThoseOfTheLargerBatch(int batchSize, int accumulation, int fits, int found) {
        TrainingArguments arguments = TinyRun.arguments(out)
                .perDeviceTrainBatchSize(batchSize)
                .gradientAccumulationSteps(accumulation)
                .saveStrategy(SaveStrategy.NO)
                .learningRate(1e-3)
                .autoFindBatchSize(true);
        Seen whole = run(arguments, Integer.MAX_VALUE);
        Seen halved = run(arguments, fits);

        assertThat(halved.rows()).containsExactlyElementsOf(whole.rows());
        assertThat(halved.state().globalStep()).isEqualTo(whole.state().globalStep());
        for (int step = 0; step < whole.losses().size(); step++) {
            assertThat(halved.losses().get(step))
                    .as("step %d", step + 1)
                    .isCloseTo(whole.losses().get(step), within(2e-4));
        }
        whole.weights()
                .forEach((name, values) ->
                        assertThat(halved.weights().get(name)).as(name).containsExactly(values, within(2e-3f)));
        assertThat(halved.state().trainBatchSize).isEqualTo(found);
        assertThat(whole.state().trainBatchSize).isEqualTo(batchSize);
    }

    private static Seen run(TrainingArguments arguments, int fits) {
        try (CausalLM model = TinyModels.causalLM(1)) {
            List<int[]> rows = new ArrayList<>();
            List<Double> losses = new ArrayList<>();
            Trainer trainer = Trainer.builder(model, arguments)
                    .trainDataset(TinyRun.TRAIN)
                    .dataCollator(batch -> {
                        requireMemory(batch, fits);
                        rows.addAll(batch.column("input_ids", int[].class));
                        return DataCollator.forCausalLM(0).collate(batch);
                    })
                    .callback(event -> {
                        if (event instanceof TrainingEvent.StepEnd step) {
                            losses.add(step.loss());
                        }
                        return TrainerCallback.Decision.CONTINUE;
                    })
                    .build();
            trainer.train();
            return new Seen(rows, losses, TinyModels.weights(model), trainer.state());
        }
    }

    private static void requireMemory(Batch batch, int fits) {
        if (batch.size() > fits) {
            throw new IllegalStateException(
                    "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes");
        }
    }

    /** The failure is libtorch's own, in the middle of an accumulation group, after gradients were added. */
    @Test
    void gradientsOfTheFailedTryAreForgotten() {
        Map<String, float[]> undisturbed = classifier(0);
        Map<String, float[]> failed = classifier(2);

        undisturbed.forEach(
                (name, values) -> assertThat(failed.get(name)).as(name).containsExactly(values, within(1e-4f)));
    }

    /** @param failing number of the call of the loss that asks for more memory than there is; 0 for none */
    private Map<String, float[]> classifier(int failing) {
        int[] calls = {0};
        LossFunction loss = (logits, labels, items) -> {
            if (++calls[0] == failing) {
                TensorData.empty(ScalarType.Float, 1L << 50);
            }
            return logits.pow(new Scalar(2.0)).sum().div(new Scalar((double) items));
        };
        try (SequenceClassifier model = TinyModels.classifier(1, out.resolve("decoder" + failing), 3, 0)) {
            Trainer trainer = Trainer.builder(
                            model,
                            TinyRun.arguments(out)
                                    .gradientAccumulationSteps(3)
                                    .saveStrategy(SaveStrategy.NO)
                                    .autoFindBatchSize(true))
                    .trainDataset(TinyModels.labelled(10, 3))
                    .computeLossFunc(loss)
                    .build();
            trainer.train();
            assertThat(trainer.state().trainBatchSize).isEqualTo(failing == 0 ? 4 : 2);
            return TinyModels.weights(model);
        }
    }

    /** With dropout: a failure after numbers were drawn ends as one before any was. */
    @Test
    void randomStateIsThatBeforeTheFailedStep() {
        TrainingArguments arguments =
                TinyRun.arguments(out).maxSteps(5).saveSteps(1).autoFindBatchSize(true);
        LossFunction loss =
                (logits, labels, items) -> logits.pow(new Scalar(2.0)).mean();
        int[] calls = {0};
        TinyRun late = TinyRun.of(
                1,
                arguments,
                builder -> builder.computeLossFunc((logits, labels, items) -> {
                    if (++calls[0] == 2) {
                        throw new IllegalStateException("out of memory");
                    }
                    return loss.loss(logits, labels, items);
                }));
        assertThat(late.warnings())
                .containsExactly(
                        "Step 2 ran out of memory; it goes on with 2 rows at once, and more of them in a step.");

        int[] batches = {0};
        UnaryOperator<Trainer.Builder> early =
                builder -> builder.computeLossFunc(loss).dataCollator(batch -> {
                    if (++batches[0] == 1) {
                        requireMemory(batch, 1);
                    }
                    return DataCollator.forCausalLM(0).collate(batch);
                });
        TinyRun resumed = TinyRun.of(
                99, arguments.resumeFromCheckpoint(out.resolve("checkpoint-1").toString()), early);

        assertThat(resumed.warnings()).isEqualTo(late.warnings());
        assertThat(resumed.losses()).isEqualTo(late.losses().subList(1, 5));
        assertThat(resumed.weights()).usingRecursiveComparison().isEqualTo(late.weights());
    }

    @Test
    void aResumedRunBeginsWithTheSizeThatWasFound() {
        TrainingArguments arguments =
                TinyRun.arguments(out).maxSteps(4).saveSteps(2).autoFindBatchSize(true);
        List<Integer> sizes = new ArrayList<>();
        UnaryOperator<Trainer.Builder> narrow = builder -> builder.dataCollator(batch -> {
            sizes.add(batch.size());
            requireMemory(batch, 2);
            return DataCollator.forCausalLM(0).collate(batch);
        });
        TinyRun whole = TinyRun.of(1, arguments, narrow);
        sizes.clear();

        TinyRun resumed = TinyRun.of(
                99, arguments.resumeFromCheckpoint(out.resolve("checkpoint-2").toString()), narrow);

        assertThat(sizes).isNotEmpty().allMatch(size -> size <= 2);
        assertThat(resumed.warnings()).isEmpty();
        assertThat(resumed.weights()).usingRecursiveComparison().isEqualTo(whole.weights());
    }

    @Test
    void oneRowThatDoesNotFitIsExplained() {
        TrainingArguments arguments = TinyRun.arguments(out).maxSteps(1).autoFindBatchSize(true);
        LossFunction never = (logits, labels, items) -> {
            throw new IllegalStateException("out of memory");
        };

        assertThatThrownBy(() -> TinyRun.of(1, arguments, builder -> builder.computeLossFunc(never)))
                .isInstanceOf(TrainerException.class)
                .hasMessageStartingWith("Step 1 ran out of memory with 1 rows of ")
                .hasMessageContaining("not even one row fits");
    }

    @Test
    void evaluationHalvesItsBatchAndMeasuresTheSame() {
        TrainingArguments arguments = TinyRun.arguments(out).perDeviceEvalBatchSize(5);
        Map<String, Double> whole = evaluate(arguments, Integer.MAX_VALUE);
        Map<String, Double> halved = evaluate(arguments.autoFindBatchSize(true), 2);

        assertThat(halved.keySet()).isEqualTo(whole.keySet());
        for (String name : List.of("eval_loss", "eval_mean_token_accuracy", "eval_perplexity")) {
            assertThat(halved.get(name)).as(name).isCloseTo(whole.get(name), within(1e-3));
        }
    }

    private static Map<String, Double> evaluate(TrainingArguments arguments, int fits) {
        try (CausalLM model = TinyModels.causalLM(1)) {
            return Trainer.builder(model, arguments)
                    .evalDataset(TinyRun.EVAL)
                    .dataCollator(batch -> {
                        requireMemory(batch, fits);
                        return DataCollator.forCausalLM(0).collate(batch);
                    })
                    .build()
                    .evaluate();
        }
    }

    @Test
    void evaluationThatDoesNotFitIsExplained() {
        LossFunction loss = (logits, labels, items) -> {
            if (logits.size(0) > 3) {
                TensorData.empty(ScalarType.Float, 1L << 50);
            }
            return logits.mean();
        };
        try (CausalLM model = TinyModels.causalLM(1)) {
            Trainer trainer = Trainer.builder(model, TinyRun.arguments(out))
                    .evalDataset(TinyModels.sentences(8))
                    .computeLossFunc(loss)
                    .build();

            assertThatThrownBy(trainer::evaluate)
                    .isInstanceOf(TrainerException.class)
                    .hasMessageMatching("Evaluation ran out of memory with 8 rows of \\d tokens; 2 rows fit:"
                            + " --per-device-eval-batch-size 2 measures the same rows.");
        }
    }
}
