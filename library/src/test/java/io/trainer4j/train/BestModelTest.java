package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
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

/** {@code save_strategy=best} and what is left of the checkpoints at the end; transformers 5.17 leaves the same folders. */
class BestModelTest {
    private static final double[] METRIC = {3, 5, 4, 6, 6, 1};

    @TempDir
    Path out;

    @Test
    void bestSavesWhereTheMetricIsBetterThanEver() {
        TinyRun run = run(arguments().saveStrategy(SaveStrategy.BEST));

        assertThat(names()).containsExactly("checkpoint-1", "checkpoint-2", "checkpoint-4");
        assertThat(run.state().bestMetric()).isEqualTo(6);
        assertThat(run.state().bestModelCheckpoint())
                .isEqualTo(out.resolve("checkpoint-4").toString());
    }

    @Test
    void bestIsLoadedAtTheEndWhateverTheStrategyOfEvaluation() {
        TinyRun run = run(arguments().saveStrategy(SaveStrategy.BEST).loadBestModelAtEnd(true));

        assertThat(run.weights()).usingRecursiveComparison().isEqualTo(weightsOf("checkpoint-4"));
    }

    @Test
    void callbackStillSavesWithBest() {
        TinyRun.of(
                1,
                arguments().saveStrategy(SaveStrategy.BEST),
                builder -> builder.computeMetrics(metric()),
                event -> event instanceof TrainingEvent.StepEnd end && end.step() == 3
                        ? TrainerCallback.Decision.SAVE
                        : TrainerCallback.Decision.CONTINUE);

        assertThat(names()).containsExactly("checkpoint-1", "checkpoint-2", "checkpoint-3", "checkpoint-4");
    }

    @Test
    void limitOfOneLeavesTheBestAlone() {
        run(arguments().saveSteps(1).saveTotalLimit(1));

        assertThat(names()).containsExactly("checkpoint-4");
    }

    @Test
    void aRunThatWasStoppedToGoOnKeepsItsLastCheckpoint() {
        TinyRun.of(
                1,
                arguments().saveSteps(1).saveTotalLimit(1),
                builder -> builder.computeMetrics(metric()),
                event -> event instanceof TrainingEvent.StepEnd end && end.step() == 5
                        ? TrainerCallback.Decision.SAVE_AND_STOP
                        : TrainerCallback.Decision.CONTINUE);

        assertThat(names()).containsExactly("checkpoint-4", "checkpoint-5");
    }

    @Test
    void callbacksSeeTheBestOfTheEvaluationsBefore() {
        StringBuilder seen = new StringBuilder();
        try (CausalLM model = TinyModels.causalLM(1)) {
            Trainer[] trainer = new Trainer[1];
            trainer[0] = Trainer.builder(model, arguments().saveStrategy(SaveStrategy.NO))
                    .trainDataset(TinyRun.TRAIN)
                    .evalDataset(TinyRun.EVAL)
                    .computeMetrics(metric())
                    .callback(event -> {
                        if (event instanceof TrainingEvent.Evaluate) {
                            seen.append(trainer[0].state().bestMetric()).append(' ');
                        }
                        return TrainerCallback.Decision.CONTINUE;
                    })
                    .build();
            trainer[0].train();
        }
        assertThat(seen).hasToString("null 3.0 5.0 5.0 6.0 6.0 ");
    }

    @Test
    void bestWithoutMetricOrEvaluationIsRefused() {
        TrainingArguments best = TinyRun.arguments(out).saveStrategy(SaveStrategy.BEST);

        assertThatThrownBy(best::validate)
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("save_strategy best needs a metric");
        assertThatThrownBy(best.evalStrategy(IntervalStrategy.EPOCH)::validate).isInstanceOf(UsageException.class);
        best.evalStrategy(IntervalStrategy.EPOCH).metricForBestModel("loss").validate();
    }

    /** Rows and events as Python's evaluate() before and after train() leaves them. */
    @Test
    void evaluateOfTheUserIsLoggedAndTold() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            StringBuilder told = new StringBuilder();
            Trainer trainer = Trainer.builder(
                            model, TinyRun.arguments(out).maxSteps(2).saveStrategy(SaveStrategy.NO))
                    .trainDataset(TinyRun.TRAIN)
                    .evalDataset(TinyRun.EVAL)
                    .callback(event -> {
                        told.append(event.getClass().getSimpleName()).append(' ');
                        return TrainerCallback.Decision.CONTINUE;
                    })
                    .build();

            Map<String, Double> metrics = trainer.evaluate();
            assertThat(told).hasToString("Log Evaluate ");
            Map<String, Object> row = trainer.state().logHistory().get(0);
            assertThat(row)
                    .containsAllEntriesOf(metrics)
                    .containsEntry("epoch", 0.0)
                    .containsEntry("step", 0);

            trainer.train();
            assertThat(trainer.state().logHistory()).hasSize(1);
            trainer.evaluate();
            assertThat(trainer.state().logHistory().get(1))
                    .containsEntry("step", 2)
                    .containsKey("eval_loss");
        }
    }

    private static TinyRun run(TrainingArguments arguments) {
        return TinyRun.of(1, arguments, builder -> builder.computeMetrics(metric()));
    }

    private static ComputeMetrics metric() {
        int[] next = {0};
        return shown -> Map.of("m", METRIC[next[0]++]);
    }

    private TrainingArguments arguments() {
        return TinyRun.arguments(out)
                .maxSteps(METRIC.length)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(1)
                .metricForBestModel("m");
    }

    private Map<String, float[]> weightsOf(String checkpoint) {
        try (CausalLM model = AutoModelForCausalLM.fromPretrained(out.resolve(checkpoint))) {
            return TinyModels.weights(model);
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
