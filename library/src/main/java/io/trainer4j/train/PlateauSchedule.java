package io.trainer4j.train;

import java.util.LinkedHashMap;
import java.util.Map;

/** Lowers the rate once more than {@code patience} evaluations bring no better figure; torch/optim/lr_scheduler.py. */
final class PlateauSchedule implements LearningRateSchedule {
    private final MetricTrend trend;
    private final double factor;
    private final int patience;
    private final int cooldown;
    private final double least;
    private final double epsilon;
    private double rate;
    private double best;
    private int bad;
    private int cooling;

    PlateauSchedule(double peak, NamedSettings settings) {
        trend = MetricTrend.of(settings, "rel", 1e-4);
        factor = settings.number("factor", 0.1);
        patience = settings.integer("patience", 10);
        cooldown = settings.integer("cooldown", 0);
        least = settings.number("min_lr", 0);
        epsilon = settings.number("eps", 1e-8);
        rate = peak;
        best = trend.worst();
    }

    @Override
    public double at(int step) {
        return rate;
    }

    @Override
    public void evaluated(double metric) {
        if (trend.isBetter(metric, best)) {
            best = metric;
            bad = 0;
        } else {
            bad++;
        }
        if (cooling > 0) {
            cooling--;
            bad = 0;
        }
        if (bad > patience) {
            double lower = Math.max(rate * factor, least);
            rate = rate - lower > epsilon ? lower : rate;
            cooling = cooldown;
            bad = 0;
        }
    }

    @Override
    public Map<String, Double> state() {
        Map<String, Double> state = new LinkedHashMap<>();
        state.put("rate", rate);
        if (Double.isFinite(best)) {
            state.put("best", best);
        }
        state.put("bad", (double) bad);
        state.put("cooling", (double) cooling);
        return state;
    }

    @Override
    public void restore(Map<String, Double> state) {
        rate = state.get("rate");
        best = state.getOrDefault("best", trend.worst());
        bad = state.get("bad").intValue();
        cooling = state.get("cooling").intValue();
    }
}
