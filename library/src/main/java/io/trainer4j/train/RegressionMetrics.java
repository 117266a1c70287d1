package io.trainer4j.train;

import io.trainer4j.metric.RegressionScores;
import java.util.Map;

/** The figures of {@link RegressionScores} for a model that gives numbers instead of classes. */
public final class RegressionMetrics implements MetricAccumulator {
    private final RegressionScores scores;

    /** Nothing measured yet. */
    public RegressionMetrics(int outputs) {
        scores = new RegressionScores(outputs);
    }

    @Override
    public void add(EvalPrediction batch) {
        for (int row = 0; row < batch.values().size(); row++) {
            scores.add(batch.scores().get(row), batch.values().get(row));
        }
    }

    @Override
    public Map<String, Double> compute() {
        return scores.values();
    }

    /** What was measured, in detail. */
    public RegressionScores scores() {
        return scores;
    }
}
