package io.trainer4j.train;

import io.trainer4j.metric.ClassificationScores;
import java.util.Map;

/** The figures of {@link ClassificationScores} for a classifier with one label per row. */
public final class ClassificationMetrics implements MetricAccumulator {
    private final ClassificationScores scores;

    /** Nothing measured yet. */
    public ClassificationMetrics(int classes) {
        scores = new ClassificationScores(classes);
    }

    @Override
    public void add(EvalPrediction batch) {
        for (int row = 0; row < batch.labels().length; row++) {
            scores.add(batch.scores().get(row), batch.labels()[row]);
        }
    }

    @Override
    public Map<String, Double> compute() {
        return scores.values();
    }

    /** What was measured, in detail. */
    public ClassificationScores scores() {
        return scores;
    }
}
