package io.trainer4j.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run of a search.
 *
 * @param number from 0
 * @param parameters value by option name
 * @param state how far it is
 * @param reports figures of its evaluations, in order
 * @param value figure of the finished run; null if it is not finished
 * @param failure why it failed, in a sentence; null if it did not
 */
public record Trial(
        int number, Map<String, String> parameters, State state, List<Double> reports, Double value, String failure) {
    /** How far a trial is. */
    public enum State {
        RUNNING,
        COMPLETE,
        /** Ended early, since others were better at the same point. */
        PRUNED,
        FAILED
    }

    /** Copies parameters and reports. */
    public Trial {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        reports = List.copyOf(reports);
    }

    Trial reporting(double figure) {
        List<Double> more = new ArrayList<>(reports);
        more.add(figure);
        return new Trial(number, parameters, state, more, value, null);
    }

    Trial ended(State end, double figure) {
        return new Trial(number, parameters, end, reports, figure, null);
    }

    Trial failed(String reason) {
        return new Trial(number, parameters, State.FAILED, reports, null, reason);
    }

    /** As it was before its first evaluation. */
    Trial restarted() {
        return new Trial(number, parameters, State.RUNNING, List.of(), null, null);
    }
}
