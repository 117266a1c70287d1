package io.trainer4j.train;

import java.time.Duration;
import java.util.List;

/**
 * What a run will need.
 *
 * @param peakBytes the most memory that the process will have at one time
 * @param seconds of the whole run; NaN where no step was measured: not yet, or since the run would not fit into the machine
 * @param limitBytes memory it may have; 0 where that is not known
 * @param items the same in words, and settings that fit where these do not
 */
public record Forecast(long peakBytes, double seconds, long limitBytes, List<RunPlan.Item> items) {
    /** Copies the items. */
    public Forecast {
        items = List.copyOf(items);
    }

    /** Whether the run stays within its limit, as far as one is known. */
    public boolean fits() {
        return limitBytes == 0 || peakBytes <= limitBytes;
    }

    /** A duration for people to read: {@code 8.4 s}, {@code 12 min 5 s}, {@code 3 h 20 min}. */
    static String text(double seconds) {
        Duration duration = Duration.ofSeconds(Math.round(seconds));
        if (seconds < 60) {
            return "%.1f s".formatted(seconds);
        }
        return seconds < 3600
                ? "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart())
                : "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart());
    }
}
