package io.trainer4j.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What an evaluation has seen so far, added up batch by batch; scores are kept only where a metric asks for them. */
final class EvaluationSums {
    private final boolean keepPredictions;
    private final List<int[]> predictions = new ArrayList<>();
    private final List<int[]> labels = new ArrayList<>();
    private final List<float[]> scores = new ArrayList<>();
    private long rows;
    private long batches;
    private long targets;
    private long correct;
    private double loss;
    private double rowWeightedLoss;
    private double likelihoodLoss;

    EvaluationSums(boolean keepPredictions) {
        this.keepPredictions = keepPredictions;
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
        targets += wanted.length;
        correct += IntStream.range(0, wanted.length)
                .filter(i -> predicted[i] == wanted[i])
                .count();
        loss += summedLoss;
        rowWeightedLoss += summedLoss / wanted.length * batchRows;
        if (keepPredictions) {
            predictions.add(predicted);
            labels.add(wanted);
            if (rowScores != null) {
                scores.addAll(rowScores);
            }
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
        return Math.exp(likelihoodLoss / targets);
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
        return loss / targets;
    }

    /** Share of targets whose prediction is the label. */
    double accuracy() {
        return (double) correct / targets;
    }

    EvalPrediction prediction() {
        return new EvalPrediction(flat(predictions), flat(labels), List.copyOf(scores));
    }

    private static int[] flat(List<int[]> parts) {
        return parts.stream().flatMapToInt(Arrays::stream).toArray();
    }
}
