package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import io.trainer4j.tensor.RandomState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Measures a model on a data set, in batches that fit into memory. */
final class Evaluation {
    private final Objective objective;
    private final Dataset dataset;
    private final DataCollator collator;
    private final ComputeMetrics computeMetrics;
    private final TrainingArguments arguments;
    private final Consumer<String> warning;
    private final String tokenAccuracy;
    private final RowLimit limit;
    private MiniBatch running;

    /**
     * @param dataset the rows, or null if there are none
     * @param computeMetrics the user's own figures, or null
     * @param warning told when batches get smaller
     * @param tokenAccuracy what the accuracy is called where predictions are tokens, which then have a perplexity too; else
     *     null
     */
    Evaluation(
            Objective objective,
            Dataset dataset,
            DataCollator collator,
            ComputeMetrics computeMetrics,
            TrainingArguments arguments,
            Consumer<String> warning,
            String tokenAccuracy) {
        this.objective = objective;
        this.dataset = dataset;
        this.collator = collator;
        this.computeMetrics = computeMetrics;
        this.arguments = arguments;
        this.warning = warning;
        this.tokenAccuracy = tokenAccuracy;
        limit = new RowLimit(arguments.perDeviceEvalBatchSize(), arguments.autoFindBatchSize());
    }

    /** The rows, or null if there are none. */
    Dataset dataset() {
        return dataset;
    }

    /** Runs over all rows. */
    Map<String, Double> metrics() {
        if (dataset == null || dataset.size() == 0) {
            throw new UsageException("There are no rows to evaluate; give the trainer an evalDataset.");
        }
        long started = System.nanoTime();
        RandomState.drawLoaderSeed();
        boolean lossOnly = arguments.predictionLossOnly();
        MetricAccumulator ownMetrics = computeMetrics == null || lossOnly ? null : computeMetrics.begin();
        EvaluationSums sums = new EvaluationSums(null);
        int[] order = EpochOrder.ofEvaluation(arguments, dataset);
        List<int[]> batches = new RowLimit(arguments.perDeviceEvalBatchSize(), false).parts(order);
        try (BatchLoader loader = new BatchLoader(dataset, collator, arguments, batches)) {
            batches.forEach(batch -> sums.add(measure(batch, loader, ownMetrics)));
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("eval_loss", arguments.hfCompat() ? sums.meanLossByRow() : sums.meanLossByTarget());
        if (tokenAccuracy != null && !lossOnly) {
            metrics.put(tokenAccuracy, sums.accuracy());
            metrics.put("eval_perplexity", sums.perplexity());
        }
        if (ownMetrics != null) {
            ownMetrics
                    .compute()
                    .forEach((name, value) -> metrics.put(name.startsWith("eval_") ? name : "eval_" + name, value));
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        metrics.put("eval_runtime", seconds);
        metrics.put("eval_samples_per_second", sums.rows() / seconds);
        metrics.put("eval_steps_per_second", sums.batches() / seconds);
        return metrics;
    }

    /** One batch, in as many parts as memory asks for; the metric is told once all have been measured. */
    private EvaluationSums measure(int[] rows, BatchLoader loader, MetricAccumulator ownMetrics) {
        while (true) {
            try {
                CollectedPredictions shown = ownMetrics == null ? null : new CollectedPredictions(computeMetrics);
                EvaluationSums sums = new EvaluationSums(shown);
                for (int[] part : limit.parts(rows)) {
                    running = null;
                    running = loader.load(part);
                    objective.evaluate(running, sums);
                }
                if (ownMetrics != null) {
                    ownMetrics.add(shown.prediction());
                }
                return sums;
            } catch (RuntimeException | OutOfMemoryError e) {
                if (!limit.halveAfter(e, running == null ? limit.rows() : running.rows())) {
                    throw running == null
                            ? OutOfMemory.unchecked(e)
                            : OutOfMemory.explain(
                                    e,
                                    "Evaluation",
                                    running,
                                    OutOfMemory::evaluationAdvice,
                                    part -> objective.evaluate(part, new EvaluationSums(null)));
                }
                warning.accept("Evaluation ran out of memory; it goes on with " + limit.rows() + " rows at once.");
            }
        }
    }
}
