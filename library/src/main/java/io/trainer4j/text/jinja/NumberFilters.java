package io.trainer4j.text.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters that make numbers. */
final class NumberFilters {
    private static final Pattern INTEGER = Pattern.compile(
            "(?<sign>[+-]?)(?:0(?<letter>[bBoOxX])_?)?(?<digits>[\\p{Nd}a-zA-Z]+(?:_[\\p{Nd}a-zA-Z]+)*)");
    private static final Pattern FLOAT =
            Pattern.compile("[+-]?(\\d+(_\\d+)*\\.?(\\d+(_\\d+)*)?|\\.\\d+(_\\d+)*)(e[+-]?\\d+(_\\d+)*)?");

    static final Map<String, Filters.Filter> ALL = Map.of(
            "int",
                    (value, arguments, rendering) -> {
                        Arguments.Bound bound = arguments.bind("int", "default?", "base?");
                        return integer(value, bound.get("default", 0L), bound.get("base", 10L));
                    },
            "float",
                    (value, arguments, rendering) -> {
                        Object otherwise = arguments.bind("float", "default?").get("default", 0.0);
                        Double parsed = real(value);
                        return parsed == null ? otherwise : parsed;
                    },
            "abs",
                    (value, arguments, rendering) -> {
                        arguments.bind("abs");
                        return value instanceof Double number
                                ? (Object) Math.abs(number)
                                : Numbers.signed(Numbers.isInteger(value) && Numbers.real(value) < 0, value);
                    },
            "round",
                    (value, arguments, rendering) -> {
                        Arguments.Bound bound = arguments.bind("round", "precision?", "method?");
                        return round(value, bound.integer("precision", 0), Text.of(bound.get("method", "common")));
                    });

    private NumberFilters() {}

    private static Object integer(Object value, Object otherwise, Object base) {
        if (Numbers.isInteger(value)) {
            return Values.integer(value, "a number");
        }
        if (Values.isText(value)) {
            int radix = (int) Math.max(-1, Math.min(99, Values.integer(base, "the argument base")));
            Matcher integer = INTEGER.matcher(PythonStrings.strip(Text.of(value), null, true, true));
            if (integer.matches() && isInteger(integer, radix)) {
                return parse(integer, radix);
            }
        }
        Double number = real(value);
        boolean isGivenInfinity = value instanceof Double && Double.isInfinite(number);
        return number == null || (!Double.isFinite(number) && !isGivenInfinity)
                ? otherwise
                : (Object) Numbers.truncated(number);
    }

    /** The base of the digits: 0 leaves it to the letter before them. */
    private static int radix(Matcher integer, int radix) {
        String letter = integer.group("letter");
        if (radix != 0 || letter == null) {
            return radix == 0 ? 10 : radix;
        }
        return radixOf(letter);
    }

    private static int radixOf(String letter) {
        return switch (letter) {
            case "b", "B" -> 2;
            case "o", "O" -> 8;
            default -> 16;
        };
    }

    private static boolean isInteger(Matcher integer, int base) {
        String letter = integer.group("letter");
        int radix = radix(integer, base);
        boolean zeros = base == 0 && letter == null && integer.group("digits").matches("0[0_]*[^0_].*");
        return radix >= Character.MIN_RADIX
                && radix <= Character.MAX_RADIX
                && !zeros
                && digits(integer, radix).chars().allMatch(c -> Character.digit(c, radix) >= 0);
    }

    /** With the letter of a prefix where it is a digit of the base. */
    private static String digits(Matcher integer, int radix) {
        String letter = integer.group("letter");
        boolean isPrefix = letter == null || radixOf(letter) == radix;
        return (isPrefix ? "" : "0" + letter) + integer.group("digits").replace("_", "");
    }

    private static Object parse(Matcher integer, int base) {
        int radix = radix(integer, base);
        try {
            return Long.valueOf(integer.group("sign") + digits(integer, radix), radix);
        } catch (NumberFormatException e) {
            throw new Fault("the integer " + integer.group() + " has more than 64 bits");
        }
    }

    /** A number as Python's {@code float} reads it; null if the value is none. */
    private static Double real(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (Numbers.isNumber(value) || !Values.isText(value)) {
            return Numbers.isNumber(value) ? (Double) Numbers.real(value) : null;
        }
        String number = PythonStrings.lower(PythonStrings.strip(Text.of(value), null, true, true));
        return switch (number) {
            case "nan", "+nan", "-nan" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> FLOAT.matcher(number).matches() ? Double.valueOf(number.replace("_", "")) : null;
        };
    }

    private static Object round(Object value, long precision, String method) {
        if (!Numbers.isNumber(value)) {
            throw Values.unusable(value, "cannot be rounded");
        }
        return switch (method) {
            case "common" -> nearest(value, precision);
            case "ceil", "floor" -> directed(Numbers.real(value), precision, method.equals("ceil"));
            default -> throw new Fault("round knows the methods common, ceil and floor");
        };
    }

    private static Object nearest(Object value, long precision) {
        // Beyond 400 digits on either side of the point, a double has only zeros.
        int digits = (int) Math.max(-400, Math.min(400, precision));
        if (value instanceof Double number) {
            return Double.isFinite(number)
                    ? Math.copySign(rounded(new BigDecimal(number), digits).doubleValue(), number)
                    : number;
        }
        long number = Values.integer(value, "a number");
        return digits >= 0
                ? number
                : Numbers.within64Bits(
                        rounded(BigDecimal.valueOf(number), digits).toBigInteger());
    }

    private static BigDecimal rounded(BigDecimal number, int digits) {
        return number.scale() <= digits ? number : number.setScale(digits, RoundingMode.HALF_EVEN);
    }

    /** As Jinja: what multiplying and dividing make inexact stays so. */
    private static double directed(double value, long precision, boolean up) {
        double scale = Math.pow(10, (double) precision);
        double scaled = value * scale;
        if (!Double.isFinite(scaled) || scale == 0) {
            throw new Fault("the number cannot be rounded to " + precision + " digits");
        }
        // Python rounds to an integer, which has no negative zero.
        return ((up ? Math.ceil(scaled) : Math.floor(scaled)) + 0.0) / scale;
    }
}
