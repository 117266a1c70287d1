package io.trainer4j.train;

import java.util.Map;

/** Evaluation figures that grow with each batch, so that no batch has to be kept. Used for one evaluation. */
public interface MetricAccumulator {
    /** Adds what the model predicted on a batch; called in the order of the evaluation set. */
    void add(EvalPrediction batch);

    /**
     * The figures of all batches added.
     *
     * @return name to value; names are reported with {@code eval_} in front
     */
    Map<String, Double> compute();
}
