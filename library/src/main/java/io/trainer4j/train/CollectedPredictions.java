package io.trainer4j.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** All predictions of an evaluation, for a metric that must see them together. */
final class CollectedPredictions implements MetricAccumulator {
    private final ComputeMetrics metrics;
    private final List<int[]> predictions = new ArrayList<>();
    private final List<int[]> labels = new ArrayList<>();
    private final List<float[]> scores = new ArrayList<>();
    private final List<float[]> values = new ArrayList<>();

    CollectedPredictions(ComputeMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void add(EvalPrediction batch) {
        predictions.add(batch.predictions());
        labels.add(batch.labels());
        scores.addAll(batch.scores());
        values.addAll(batch.values());
    }

    @Override
    public Map<String, Double> compute() {
        return metrics.compute(prediction());
    }

    EvalPrediction prediction() {
        return new EvalPrediction(flat(predictions), flat(labels), List.copyOf(scores), List.copyOf(values));
    }

    private static int[] flat(List<int[]> parts) {
        return parts.stream().flatMapToInt(Arrays::stream).toArray();
    }
}
