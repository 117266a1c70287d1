package io.trainer4j.text.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Filters that make numbers. */
final class NumberFilters {
    static final Map<String, Filters.Filter> ALL = Map.of(
            "int",
                    (value, arguments, rendering) -> {
                        Arguments.Bound bound = arguments.bind("int", "default?", "base?");
                        return integer(value, bound.get("default", 0L), (int) bound.integer("base", 10));
                    },
            "float",
                    (value, arguments, rendering) -> {
                        Object otherwise = arguments.bind("float", "default?").get("default", 0.0);
                        if (Operators.isNumber(value)) {
                            return Operators.number(value);
                        }
                        Double parsed = Values.isText(value) ? parse(Text.of(value)) : null;
                        return parsed == null ? otherwise : parsed;
                    },
            "abs",
                    (value, arguments, rendering) -> {
                        arguments.bind("abs");
                        return Operators.signed(Operators.isNumber(value) && Operators.number(value) < 0, value);
                    },
            "round",
                    (value, arguments, rendering) -> {
                        Arguments.Bound bound = arguments.bind("round", "precision?", "method?");
                        return round(
                                value, (int) bound.integer("precision", 0), Text.of(bound.get("method", "common")));
                    });

    private NumberFilters() {}

    private static Object integer(Object value, Object otherwise, int base) {
        if (value instanceof Double number) {
            return number.isNaN() || number.isInfinite() ? otherwise : (Object) number.longValue();
        }
        if (Operators.isNumber(value)) {
            return Values.integer(value, "a number");
        }
        if (!Values.isText(value)) {
            return otherwise;
        }
        String digits = PythonStrings.strip(Text.of(value), null, true, true).replace("_", "");
        try {
            return Long.valueOf(digits, base);
        } catch (NumberFormatException notAnInteger) {
            Double number = parse(digits);
            return number == null || number.isNaN() || number.isInfinite() ? otherwise : (Object) number.longValue();
        }
    }

    /** A number as Python's {@code float} reads it; null if the text is none. */
    private static Double parse(String text) {
        String number = PythonStrings.lower(PythonStrings.strip(text, null, true, true));
        return switch (number) {
            case "nan", "+nan", "-nan" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> number.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?") ? Double.valueOf(number) : null;
        };
    }

    private static Object round(Object value, int precision, String method) {
        RoundingMode mode = switch (method) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw new Fault("round knows the methods common, ceil and floor");
        };
        if (!Operators.isNumber(value) || Math.abs(precision) > 300) {
            throw Values.unusable(value, "cannot be rounded like this");
        }
        if (!(value instanceof Double) && method.equals("common") && precision >= 0) {
            return Values.integer(value, "a number");
        }
        return new BigDecimal(Operators.number(value)).setScale(precision, mode).doubleValue();
    }
}
