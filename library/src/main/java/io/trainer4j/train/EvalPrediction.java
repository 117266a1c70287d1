package io.trainer4j.train;

import java.util.List;

/**
 * What a model predicted on the evaluation set, given to {@link ComputeMetrics}.
 *
 * @param predictions the likeliest class of each row, or the likeliest token at each trained position
 * @param labels the true class or token, same order
 * @param scores scores before softmax, one {@code float[labels]} per row; empty for a language model
 */
public record EvalPrediction(int[] predictions, int[] labels, List<float[]> scores) {}
