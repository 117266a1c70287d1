package io.trainer4j.train;

import java.util.Map;
import java.util.function.Supplier;

/** A user's own evaluation figures, as the {@code compute_metrics} of Python's Trainer. */
@FunctionalInterface
public interface ComputeMetrics {
    /**
     * Computes figures over the whole evaluation set.
     *
     * @return name to value; names are reported with {@code eval_} in front
     */
    Map<String, Double> compute(EvalPrediction prediction);

    /** Begins an evaluation; unless {@link #streaming} made this, what it is given is kept until the end. */
    default MetricAccumulator begin() {
        return new CollectedPredictions(this);
    }

    /**
     * Figures that grow with each batch, as Python's {@code batch_eval_metrics}, so that nothing is kept.
     *
     * @param accumulators gives a new one for each evaluation
     */
    static ComputeMetrics streaming(Supplier<? extends MetricAccumulator> accumulators) {
        return new ComputeMetrics() {
            @Override
            public Map<String, Double> compute(EvalPrediction prediction) {
                MetricAccumulator accumulator = begin();
                accumulator.add(prediction);
                return accumulator.compute();
            }

            @Override
            public MetricAccumulator begin() {
                return accumulators.get();
            }
        };
    }
}
