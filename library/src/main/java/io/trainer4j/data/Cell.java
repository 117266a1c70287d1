package io.trainer4j.data;

import io.trainer4j.UsageException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Conversions of one cell to the type a getter promises; a cell that does not fit is a {@link UsageException}. */
final class Cell {
    private static final int SHOWN_CHARS = 40;

    /** What Double.parseDouble takes besides numbers as other languages write them: 1d, 1f, 0x1p3. */
    private static final Pattern JAVA_ONLY = Pattern.compile(".*[dDfF]|[-+]?0[xX].*");

    private Cell() {}

    static String toText(String column, Object value) {
        if (value instanceof List || value instanceof Map || value instanceof int[]) {
            throw unfit(column, value, "text");
        }
        return value == null ? null : value.toString();
    }

    static long toLong(String column, Object value) {
        if (value instanceof Long || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        if (value instanceof String text) {
            try {
                return Long.parseLong(text.strip());
            } catch (NumberFormatException e) {
                throw unfit(column, value, "a whole number");
            }
        }
        throw unfit(column, value, "a whole number");
    }

    static double toDouble(String column, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof String text && !JAVA_ONLY.matcher(text.strip()).matches()) {
            try {
                return Double.parseDouble(text.strip());
            } catch (NumberFormatException e) {
                throw unfit(column, value, "a number");
            }
        }
        throw unfit(column, value, "a number");
    }

    static boolean toBoolean(String column, Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value instanceof String text && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))) {
            return text.equalsIgnoreCase("true");
        }
        throw unfit(column, value, "true or false");
    }

    static int[] toInts(String column, Object value) {
        if (value instanceof int[] ints) {
            return ints;
        }
        if (value instanceof List<?> list) {
            return list.stream().mapToInt(element -> toInt(column, element)).toArray();
        }
        throw unfit(column, value, "a list of whole numbers");
    }

    private static int toInt(String column, Object value) {
        long number = toLong(column, value);
        if (number != (int) number) {
            throw unfit(column, number, "a whole number of at most 32 bits");
        }
        return (int) number;
    }

    static String describe(Object value) {
        if (value == null) {
            return "an empty cell";
        }
        if (value instanceof String text) {
            return "the text \"" + shorten(text) + "\"";
        }
        if (value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        return "a value of type " + value.getClass().getSimpleName();
    }

    /** At most 40 characters on one line; longer text ends in an ellipsis. */
    static String shorten(String text) {
        String line = text.replaceAll("\\R", " ");
        if (line.codePointCount(0, line.length()) <= SHOWN_CHARS) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, SHOWN_CHARS)) + "…";
    }

    private static UsageException unfit(String column, Object value, String needed) {
        return new UsageException("Column \"" + column + "\" holds " + describe(value) + " where " + needed
                + " is needed; correct the data or name another column.");
    }
}
