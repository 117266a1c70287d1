package io.trainer4j.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where values stand along a chart's side, with round numbers to read them by.
 *
 * @param from value at the beginning, a tick
 * @param until value at the end, a tick
 * @param step distance of two ticks
 */
record Axis(double from, double until, double step) {
    /** An axis with about {@code ticks} ticks that holds both values. */
    static Axis over(double smallest, double largest, int ticks) {
        double span = largest > smallest ? largest - smallest : Math.max(Math.abs(largest), 1) / 10;
        double rough = span / ticks;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        double step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
        double from = Math.floor(smallest / step) * step;
        double until = Math.ceil(largest / step) * step;
        return new Axis(from, until > from ? until : from + step, step);
    }

    static Axis over(double[] values, int ticks) {
        double smallest = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            smallest = Math.min(smallest, value);
            largest = Math.max(largest, value);
        }
        return over(smallest, largest, ticks);
    }

    /** An axis of whole numbers, such as steps, with ticks at whole numbers only. */
    static Axis overWhole(double[] values, int ticks) {
        Axis axis = over(values, ticks);
        if (axis.step() >= 1) {
            return axis;
        }
        double from = Math.floor(axis.from());
        return new Axis(from, Math.max(from + 1, Math.ceil(axis.until())), 1);
    }

    /** 0 at the beginning, 1 at the end. */
    double share(double value) {
        return (value - from) / (until - from);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (long i = Math.round(from / step); i * step <= until + step / 2; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** The shortest text that tells a tick from its neighbours. */
    String label(double tick) {
        int digits = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
        if (digits > 6 || Math.abs(tick) >= 1e7) {
            return String.format(Locale.ROOT, "%.2e", tick);
        }
        return BigDecimal.valueOf(tick).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }
}
