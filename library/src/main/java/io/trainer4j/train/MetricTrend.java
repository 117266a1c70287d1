package io.trainer4j.train;

import java.util.Set;

/**
 * When a figure counts as better than the best so far, as in torch's ReduceLROnPlateau.
 *
 * @param smaller whether smaller figures are better
 * @param relative whether {@code threshold} is a share of the best
 */
record MetricTrend(boolean smaller, boolean relative, double threshold) {
    static MetricTrend of(NamedSettings settings, String thresholdMode, double threshold) {
        return new MetricTrend(
                settings.word("mode", "min", Set.of("min", "max")).equals("min"),
                settings.word("threshold_mode", thresholdMode, Set.of("rel", "abs"))
                        .equals("rel"),
                settings.number("threshold", threshold));
    }

    double worst() {
        return smaller ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    boolean isBetter(double metric, double best) {
        if (smaller) {
            return metric < (relative ? best * (1 - threshold) : best - threshold);
        }
        return metric > (relative ? best * (1 + threshold) : best + threshold);
    }
}
