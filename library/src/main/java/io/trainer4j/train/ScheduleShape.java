package io.trainer4j.train;

import io.trainer4j.UsageException;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/** The factor on the peak rate at each step; the names of the settings are those of {@code lr_scheduler_kwargs}. */
@FunctionalInterface
interface ScheduleShape {
    double factor(int step);

    /**
     * The shape of one type.
     *
     * @param peak rate the factors are for
     */
    static ScheduleShape of(SchedulerType type, double peak, int warmup, int total, NamedSettings settings) {
        double rest = Math.max(1, total - warmup);
        return switch (type) {
            case CONSTANT -> step -> 1;
            case CONSTANT_WITH_WARMUP -> warmedUp(warmup, step -> 1);
            case LINEAR -> warmedUp(warmup, step -> Math.max(0, (total - step) / rest));
            case COSINE -> {
                double cycles = settings.number("num_cycles", 0.5);
                yield warmedUp(warmup, step -> cosine(cycles, (step - warmup) / rest, 0));
            }
            case COSINE_WITH_MIN_LR -> {
                double cycles = settings.number("num_cycles", 0.5);
                double least = leastFactor(settings, peak);
                yield warmedUp(warmup, step -> cosine(cycles, (step - warmup) / rest, least));
            }
            case COSINE_WARMUP_WITH_MIN_LR -> cosineFromAboveZero(peak, warmup, total, settings);
            case COSINE_WITH_RESTARTS -> {
                double cycles = settings.number("num_cycles", 1);
                yield warmedUp(warmup, step -> {
                    double progress = (step - warmup) / rest;
                    return progress >= 1 ? 0 : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (cycles * progress % 1))));
                });
            }
            case POLYNOMIAL -> polynomial(peak, warmup, total, settings);
            case INVERSE_SQRT -> {
                double timescale = settings.number("timescale", warmup == 0 ? 10_000 : warmup);
                yield warmedUp(warmup, step -> 1 / Math.sqrt((step + timescale - warmup) / timescale));
            }
            case WARMUP_STABLE_DECAY -> stableThenDecay(warmup, total, settings);
            case REDUCE_LR_ON_PLATEAU, GREEDY -> throw new IllegalArgumentException(type + " has no shape");
        };
    }

    private static ScheduleShape warmedUp(int warmup, ScheduleShape after) {
        return step -> step < warmup ? (double) step / Math.max(1, warmup) : after.factor(step);
    }

    private static double cosine(double cycles, double progress, double least) {
        double factor = 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress));
        return Math.max(0, factor * (1 - least) + least);
    }

    private static double leastFactor(NamedSettings settings, double peak) {
        boolean rate = settings.has("min_lr");
        boolean factor = settings.has("min_lr_rate");
        if (rate == factor) {
            throw new UsageException("Option lr_scheduler_kwargs must have one of min_lr and min_lr_rate for this"
                    + " lr_scheduler_type; set {\"min_lr_rate\": 0.1}, for example.");
        }
        return rate ? settings.number("min_lr", 0) / peak : settings.number("min_lr_rate", 0);
    }

    private static ScheduleShape cosineFromAboveZero(double peak, int warmup, int total, NamedSettings settings) {
        double cycles = settings.number("num_cycles", 0.5);
        double least = leastFactor(settings, peak);
        boolean hasStart = settings.has("warmup_lr_rate");
        double start = settings.number("warmup_lr_rate", 0);
        return step -> {
            if (step < warmup) {
                return hasStart
                        ? start + (1 - start) * step / Math.max(1, warmup - 1)
                        : (step + 1.0) / Math.max(1, warmup);
            }
            return cosine(cycles, (step - warmup + 1.0) / Math.max(1, total - warmup), least);
        };
    }

    private static ScheduleShape polynomial(double peak, int warmup, int total, NamedSettings settings) {
        double end = settings.number("lr_end", 1e-7);
        double power = settings.number("power", 1);
        if (peak <= end) {
            throw new UsageException(
                    "Setting lr_end of option lr_scheduler_kwargs is %s but must be below the".formatted(end)
                            + " learning_rate " + peak + ".");
        }
        return warmedUp(warmup, step -> {
            if (step > total) {
                return end / peak;
            }
            double remaining = 1 - (double) (step - warmup) / (total - warmup);
            return ((peak - end) * Math.pow(remaining, power) + end) / peak;
        });
    }

    private static ScheduleShape stableThenDecay(int warmup, int total, NamedSettings settings) {
        settings.require("num_decay_steps", "it says over how many steps the rate falls at the end");
        int decay = settings.integer("num_decay_steps", 0);
        int stable = settings.integer("num_stable_steps", total - warmup - decay);
        double least = settings.number("min_lr_ratio", 0);
        double cycles = settings.number("num_cycles", 0.5);
        Set<String> curves = Set.of("linear", "cosine", "1-sqrt");
        DoubleUnaryOperator rise = switch (settings.word("warmup_type", "linear", curves)) {
            case "linear" -> p -> p;
            case "cosine" -> p -> 0.5 * (1 - Math.cos(Math.PI * p));
            default -> p -> 1 - Math.sqrt(1 - p);
        };
        DoubleUnaryOperator fall = switch (settings.word("decay_type", "cosine", curves)) {
            case "linear" -> p -> 1 - p;
            case "cosine" -> p -> 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * p));
            default -> p -> 1 - Math.sqrt(p);
        };
        return step -> {
            if (step < warmup) {
                return above(least, rise.applyAsDouble((double) step / Math.max(1, warmup)));
            }
            int decayed = step - warmup - stable;
            if (decayed < 0) {
                return 1;
            }
            return decayed < decay ? above(least, fall.applyAsDouble((double) decayed / Math.max(1, decay))) : least;
        };
    }

    private static double above(double least, double factor) {
        return Math.max(0, factor * (1 - least) + least);
    }
}
