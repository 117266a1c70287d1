package io.trainer4j.train;

import io.trainer4j.model.Precision;
import java.util.Map;

/**
 * The factor that a loss is multiplied by so that its small gradients are numbers in fp16 too: it grows while gradients stay
 * finite and shrinks where they overflow. Numbers and rules are those of {@code torch.amp.GradScaler}, which accelerate uses
 * with its defaults.
 */
final class GradScaler {
    static final double INITIAL_SCALE = 65536;
    private static final double GROWTH_FACTOR = 2;
    private static final double BACKOFF_FACTOR = 0.5;
    static final int GROWTH_INTERVAL = 2000;
    private static final String SCALE = "scale";
    private static final String GROWTH_TRACKER = "_growth_tracker";

    private final boolean enabled;
    private double scale;
    private int growthTracker;

    private GradScaler(boolean enabled) {
        this.enabled = enabled;
        scale = enabled ? INITIAL_SCALE : 1;
    }

    /** Scales in fp16 only; else the factor is 1 and stays it. */
    static GradScaler of(Precision precision) {
        return new GradScaler(precision == Precision.FLOAT16);
    }

    boolean isEnabled() {
        return enabled;
    }

    /** What the loss is multiplied by, and its gradients are to be divided by. */
    double scale() {
        return scale;
    }

    /**
     * Ends a step.
     *
     * @param foundInf whether a gradient of it was infinite or no number, so that the step was left out
     */
    void update(boolean foundInf) {
        if (!enabled) {
            return;
        }
        if (foundInf) {
            scale = (float) (scale * BACKOFF_FACTOR);
            growthTracker = 0;
        } else if (++growthTracker == GROWTH_INTERVAL) {
            float grown = (float) (scale * GROWTH_FACTOR);
            scale = Float.isFinite(grown) ? grown : scale;
            growthTracker = 0;
        }
    }

    /** What a checkpoint must hold, by the names in {@code scaler.pt}; empty where nothing is scaled. */
    Map<String, Double> state() {
        return enabled ? Map.of(SCALE, scale, GROWTH_TRACKER, (double) growthTracker) : Map.of();
    }

    /** Continues from {@link #state}; the state of a run that was not scaled leaves this as it is. */
    void restore(Map<String, Double> state) {
        if (enabled && !state.isEmpty()) {
            scale = state.get(SCALE);
            growthTracker = state.get(GROWTH_TRACKER).intValue();
        }
    }
}
