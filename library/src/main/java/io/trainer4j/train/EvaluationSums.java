package io.trainer4j.train;

import io.trainer4j.metric.TokenScores;
import java.util.List;

/** What an evaluation has seen so far, added up batch by batch; predictions are passed on to the metric, if there is one. */
final class EvaluationSums {
    private final MetricAccumulator metrics;
    private final TokenScores targets = new TokenScores();
    private long rows;
    private long batches;
    private double rowWeightedLoss;
    private double likelihoodLoss;

    /**
     * Nothing seen yet.
     *
     * @param metrics told of every batch, or null
     */
    EvaluationSums(MetricAccumulator metrics) {
        this.metrics = metrics;
    }

    /**
     * Adds a batch.
     *
     * @param summedLoss over the batch's targets, not divided
     * @param predicted likeliest class or token of each target
     * @param wanted label of each target
     * @param rowScores scores per class of each row, or null for a language model
     */
    void addBatch(int batchRows, double summedLoss, int[] predicted, int[] wanted, List<float[]> rowScores) {
        rows += batchRows;
        batches++;
        targets.add(summedLoss, predicted, wanted);
        rowWeightedLoss += summedLoss / wanted.length * batchRows;
        if (metrics != null) {
            metrics.add(new EvalPrediction(predicted, wanted, rowScores == null ? List.of() : rowScores));
        }
    }

    /** Adds what another has seen, as one batch. */
    void add(EvaluationSums batch) {
        rows += batch.rows;
        batches++;
        targets.add(batch.targets);
        rowWeightedLoss += batch.targets.loss() * batch.rows;
        likelihoodLoss += batch.likelihoodLoss;
    }

    /**
     * Adds a batch of regression or of several labels per row, where the mean over a row's labels is one target.
     *
     * @param summedLoss over the batch's rows, not divided
     */
    void addValues(double summedLoss, List<float[]> wanted, List<float[]> rowScores) {
        rows += wanted.size();
        batches++;
        targets.addLoss(summedLoss, wanted.size());
        rowWeightedLoss += summedLoss;
        if (metrics != null) {
            metrics.add(new EvalPrediction(new int[0], new int[0], rowScores, wanted));
        }
    }

    /** Adds a batch's negative log-likelihood, which label smoothing leaves alone. */
    void addLikelihoodLoss(double summed) {
        likelihoodLoss += summed;
    }

    double likelihoodLoss() {
        return likelihoodLoss;
    }

    /** The exponential of the mean negative log-likelihood of a target. */
    double perplexity() {
        return Math.exp(likelihoodLoss / targets.count());
    }

    long rows() {
        return rows;
    }

    long batches() {
        return batches;
    }

    /** Hugging Face's figure: the mean loss of each batch, weighted by its rows. */
    double meanLossByRow() {
        return rowWeightedLoss / rows;
    }

    /** The mean loss of all targets, which does not depend on how they were batched. */
    double meanLossByTarget() {
        return targets.loss();
    }

    /** Share of targets whose prediction is the label. */
    double accuracy() {
        return targets.accuracy();
    }
}
