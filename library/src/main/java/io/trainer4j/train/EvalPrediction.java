package io.trainer4j.train;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model predicted on the evaluation set, given to {@link ComputeMetrics}.
 *
 * @param predictions the likeliest class of each row, or the likeliest token at each trained position
 * @param labels the true class or token, same order
 * @param scores scores before softmax, one {@code float[labels]} per row; empty for a language model
 * @param values true values, one {@code float[labels]} per row, of regression and of classification with several labels
 *     per row, which have {@code scores} but neither {@code predictions} nor {@code labels}; else empty
 */
public record EvalPrediction(int[] predictions, int[] labels, List<float[]> scores, List<float[]> values) {
    /** What a model with one class per row, or a language model, predicted. */
    public EvalPrediction(int[] predictions, int[] labels, List<float[]> scores) {
        this(predictions, labels, scores, List.of());
    }

    /** Share of predictions that are the label, as scikit-learn's {@code accuracy_score}; 0 to 1. */
    public double accuracy() {
        long correct = IntStream.range(0, labels.length)
                .filter(i -> predictions[i] == labels[i])
                .count();
        return (double) correct / labels.length;
    }
}
