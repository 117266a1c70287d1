package io.trainer4j.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Raises the rate while evaluations improve and lowers it while they do not.
 *
 * @see <a href="https://arxiv.org/abs/2512.14527">GreedyLR</a>; transformers/optimization.py
 */
final class GreedySchedule implements LearningRateSchedule {
    private final MetricTrend trend;
    private final double peak;
    private final double factor;
    private final int patience;
    private final int cooldown;
    private final int warmup;
    private final double least;
    private final double most;
    private final double epsilon;
    private final int window;
    private final int resetAfter;
    private final Deque<Double> recent = new ArrayDeque<>();
    private double rate;
    private double best;
    private int bad;
    private int good;
    private int cooling;
    private int warming;
    private int untilReset;

    GreedySchedule(double peak, NamedSettings settings) {
        this.peak = peak;
        trend = MetricTrend.of(settings, "abs", 1e-6);
        factor = settings.number("factor", 0.95);
        patience = settings.integer("patience", 10);
        cooldown = settings.integer("cooldown", 0);
        warmup = settings.integer("warmup", 0);
        least = settings.number("min_lr", 1e-3);
        most = settings.number("max_lr", 1);
        epsilon = settings.number("eps", 1e-8);
        int size = settings.integer("window_size", 50);
        window = settings.truth("smooth", false) ? size : 1;
        resetAfter = settings.integer("reset_start", 500);
        reset();
    }

    private void reset() {
        rate = peak;
        best = trend.worst();
        bad = 0;
        good = 0;
        cooling = 0;
        warming = 0;
        untilReset = resetAfter;
        recent.clear();
    }

    @Override
    public double at(int step) {
        return rate;
    }

    @Override
    public void evaluated(double metric) {
        double figure = smoothed(metric);
        if (cooling > 0 || warming > 0) {
            if (cooling > 0) {
                cooling--;
            } else {
                warming--;
            }
            bad = 0;
            good = 0;
            return;
        }
        if (trend.isBetter(figure, best)) {
            best = figure;
            good++;
            bad = 0;
        } else {
            bad++;
            good = 0;
        }
        if (good > patience) {
            raise();
        } else if (bad > patience) {
            lower();
        }
    }

    private double smoothed(double metric) {
        recent.addLast(metric);
        if (recent.size() > window) {
            recent.removeFirst();
        }
        return recent.stream().mapToDouble(value -> value).average().orElseThrow();
    }

    private void raise() {
        double higher = Math.min(rate / factor, most);
        rate = higher - rate > epsilon ? higher : rate;
        untilReset = resetAfter;
        warming = warmup;
        good = 0;
    }

    private void lower() {
        double lower = Math.max(rate * factor, least);
        rate = rate - lower > epsilon ? lower : rate;
        cooling = cooldown;
        if (rate <= least && --untilReset <= 0) {
            reset();
            cooling = cooldown;
        }
        bad = 0;
    }

    @Override
    public Map<String, Double> state() {
        Map<String, Double> state = new LinkedHashMap<>();
        state.put("rate", rate);
        if (Double.isFinite(best)) {
            state.put("best", best);
        }
        state.put("bad", (double) bad);
        state.put("good", (double) good);
        state.put("cooling", (double) cooling);
        state.put("warming", (double) warming);
        state.put("until_reset", (double) untilReset);
        int index = 0;
        for (double value : recent) {
            state.put("recent." + index++, value);
        }
        return state;
    }

    @Override
    public void restore(Map<String, Double> state) {
        reset();
        rate = state.get("rate");
        best = state.getOrDefault("best", trend.worst());
        bad = state.get("bad").intValue();
        good = state.get("good").intValue();
        cooling = state.get("cooling").intValue();
        warming = state.get("warming").intValue();
        untilReset = state.get("until_reset").intValue();
        for (int i = 0; state.containsKey("recent." + i); i++) {
            recent.addLast(state.get("recent." + i));
        }
    }
}
