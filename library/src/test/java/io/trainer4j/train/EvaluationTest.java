package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.data.Dataset;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    @TempDir
    Path out;

    /** transformers/trainer.py weights the mean loss of each batch by its rows; perplexity here is over all tokens. */
    @Test
    void lossIsWeightedByTokensOrAsPythonByRows() {
        Dataset rows = TinyModels.sentences(5);
        try (CausalLM model = TinyModels.causalLM(1)) {
            double[] sums = new double[5];
            double[] tokens = new double[5];
            Objective objective = new CausalLmObjective(model);
            for (int row = 0; row < 5; row++) {
                MiniBatch alone = DataCollator.forCausalLM(0).collate(rows.rows(row));
                EvaluationSums sum = new EvaluationSums(null);
                objective.evaluate(alone, sum);
                tokens[row] = objective.targets(alone);
                sums[row] = sum.meanLossByTarget() * tokens[row];
            }
            double expected =
                    (2 * mean(sums, tokens, 0, 2) + 2 * mean(sums, tokens, 2, 4) + mean(sums, tokens, 4, 5)) / 5;

            TrainingArguments arguments = arguments().perDeviceEvalBatchSize(2);
            Map<String, Double> metrics = evaluate(model, rows, arguments);

            assertThat(metrics.get("eval_loss")).isCloseTo(mean(sums, tokens, 0, 5), within(1e-5));
            assertThat(evaluate(model, rows, arguments.hfCompat(true)).get("eval_loss"))
                    .isCloseTo(expected, within(1e-5));
            assertThat(expected).isNotCloseTo(mean(sums, tokens, 0, 5), within(1e-4));
            assertThat(metrics.get("eval_perplexity")).isCloseTo(Math.exp(mean(sums, tokens, 0, 5)), within(1e-2));
        }
    }

    private static Map<String, Double> evaluate(CausalLM model, Dataset rows, TrainingArguments arguments) {
        return Trainer.builder(model, arguments).evalDataset(rows).build().evaluate();
    }

    private static double mean(double[] sums, double[] tokens, int from, int until) {
        double sum = 0;
        double count = 0;
        for (int row = from; row < until; row++) {
            sum += sums[row];
            count += tokens[row];
        }
        return sum / count;
    }

    @Test
    void languageModelShowsOneTokenPerLabel() {
        List<EvalPrediction> shown = new ArrayList<>();
        Dataset rows = TinyModels.sentences(3);
        try (CausalLM model = TinyModels.causalLM(1)) {
            Map<String, Double> metrics = Trainer.builder(model, arguments().perDeviceEvalBatchSize(2))
                    .evalDataset(rows)
                    .computeMetrics(prediction -> {
                        shown.add(prediction);
                        return Map.of();
                    })
                    .build()
                    .evaluate();

            int[] labels = rows.column("labels").stream()
                    .flatMapToInt(row -> Arrays.stream((int[]) row).filter(label -> label >= 0))
                    .toArray();
            assertThat(shown).hasSize(1);
            assertThat(shown.get(0).labels()).isEqualTo(labels);
            assertThat(shown.get(0).predictions()).hasSameSizeAs(labels);
            assertThat(shown.get(0).scores()).isEmpty();
            assertThat(metrics.get("eval_mean_token_accuracy"))
                    .isEqualTo(accuracy(shown.get(0)).get("accuracy"));
        }
    }

    @Test
    void classifierShowsScoresAndOwnFiguresAreNamed() {
        List<EvalPrediction> shown = new ArrayList<>();
        try (SequenceClassifier model = TinyModels.classifier(1, out, 3, 0.3)) {
            Map<String, Double> metrics = Trainer.builder(model, arguments().perDeviceEvalBatchSize(2))
                    .evalDataset(TinyModels.labelled(5, 3))
                    .computeMetrics(prediction -> {
                        shown.add(prediction);
                        Map<String, Double> figures = new LinkedHashMap<>(accuracy(prediction));
                        figures.put("eval_own", 7.0);
                        return figures;
                    })
                    .build()
                    .evaluate();

            assertThat(metrics.keySet())
                    .containsExactly(
                            "eval_loss",
                            "eval_accuracy",
                            "eval_own",
                            "eval_runtime",
                            "eval_samples_per_second",
                            "eval_steps_per_second");
            assertThat(shown.get(0).labels()).containsExactly(0, 1, 2, 0, 1);
            assertThat(shown.get(0).scores()).hasSize(5).allMatch(scores -> scores.length == 3);
            for (int row = 0; row < 5; row++) {
                float[] scores = shown.get(0).scores().get(row);
                for (float score : scores) {
                    assertThat(scores[shown.get(0).predictions()[row]]).isGreaterThanOrEqualTo(score);
                }
            }
        }
    }

    @Test
    void streamingFiguresSeeEachBatchAsItIsEvaluated() {
        List<Integer> seen = new ArrayList<>();
        ComputeMetrics streaming = ComputeMetrics.streaming(() -> new MetricAccumulator() {
            private double right;
            private double all;

            @Override
            public void add(EvalPrediction batch) {
                seen.add(batch.labels().length);
                right += batch.accuracy() * batch.labels().length;
                all += batch.labels().length;
            }

            @Override
            public Map<String, Double> compute() {
                return Map.of("streamed", right / all);
            }
        });
        try (SequenceClassifier model = TinyModels.classifier(1, out, 3, 0.3)) {
            Trainer trainer = Trainer.builder(model, arguments().perDeviceEvalBatchSize(2))
                    .evalDataset(TinyModels.labelled(5, 3))
                    .computeMetrics(streaming)
                    .build();
            double first = trainer.evaluate().get("eval_streamed");

            assertThat(seen).containsExactly(2, 2, 1);
            assertThat(trainer.evaluate().get("eval_streamed")).isEqualTo(first); // a new accumulator for each
        }
        EvalPrediction all = new EvalPrediction(new int[] {1, 2}, new int[] {1, 1}, List.of());
        assertThat(streaming.compute(all)).containsEntry("streamed", 0.5);
    }

    @Test
    void lossOnlyLeavesEverythingElseOut() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Map<String, Double> metrics = Trainer.builder(model, arguments().predictionLossOnly(true))
                    .evalDataset(TinyModels.sentences(3))
                    .computeMetrics(EvaluationTest::accuracy)
                    .build()
                    .evaluate();

            assertThat(metrics.keySet())
                    .containsExactly("eval_loss", "eval_runtime", "eval_samples_per_second", "eval_steps_per_second");
        }
    }

    @Test
    void evaluationHasNoDropout() {
        try (SequenceClassifier model = TinyModels.classifier(1, out, 3, 0.3)) {
            Trainer trainer = Trainer.builder(model, arguments())
                    .evalDataset(TinyModels.labelled(5, 3))
                    .build();

            assertThat(trainer.evaluate().get("eval_loss"))
                    .isEqualTo(trainer.evaluate().get("eval_loss"));
        }
    }

    private static Map<String, Double> accuracy(EvalPrediction shown) {
        double right = 0;
        for (int i = 0; i < shown.labels().length; i++) {
            right += shown.predictions()[i] == shown.labels()[i] ? 1 : 0;
        }
        return Map.of("accuracy", right / shown.labels().length);
    }

    private TrainingArguments arguments() {
        return TinyRun.arguments(out);
    }
}
