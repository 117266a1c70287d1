package io.trainer4j.option;

import java.util.ArrayList;
import java.util.List;

/** The finite numbers an option takes; an infinite bound is no bound. */
record Range(double min, double max, double above, double below) {
    static Range of(Option option) {
        return new Range(option.min(), option.max(), option.above(), option.below());
    }

    boolean contains(double value) {
        return Double.isFinite(value) && value >= min && value <= max && value > above && value < below;
    }

    /** Continues "a number", for example " of at least 0 and below 1"; empty without bounds. */
    @Override
    public String toString() {
        List<String> bounds = new ArrayList<>();
        addBound(bounds, "at least ", min);
        addBound(bounds, "above ", above);
        addBound(bounds, "at most ", max);
        addBound(bounds, "below ", below);
        String text = String.join(" and ", bounds);
        if (text.startsWith("at ")) {
            return " of " + text;
        }
        return text.isEmpty() ? "" : " " + text;
    }

    private static void addBound(List<String> bounds, String words, double bound) {
        if (Double.isFinite(bound)) {
            bounds.add(words + ValueType.text(bound));
        }
    }
}
