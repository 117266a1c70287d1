package io.trainer4j.train;

import io.trainer4j.metric.MultiLabelScores;
import java.util.Map;

/** The figures of {@link MultiLabelScores} for a model that gives any number of labels per row. */
public final class MultiLabelMetrics implements MetricAccumulator {
    private final MultiLabelScores scores;

    /** Nothing measured yet. */
    public MultiLabelMetrics(int labels) {
        scores = new MultiLabelScores(labels);
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
    public MultiLabelScores scores() {
        return scores;
    }
}
