package io.trainer4j.train;

import java.util.Map;

/** A user's own evaluation figures, as the {@code compute_metrics} of Python's Trainer. */
@FunctionalInterface
public interface ComputeMetrics {
    /**
     * Computes figures over the whole evaluation set.
     *
     * @return name to value; names are reported with {@code eval_} in front
     */
    Map<String, Double> compute(EvalPrediction prediction);
}
