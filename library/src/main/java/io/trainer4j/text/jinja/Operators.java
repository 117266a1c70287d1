package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Arithmetic and comparisons with Python's rules. */
final class Operators {
    private Operators() {}

    static Object apply(String operator, Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return numbers(operator, left, right);
        }
        switch (operator) {
            case "+" -> {
                if (left instanceof SafeText safe && Values.isText(right)) {
                    return safe.plus(right);
                }
                if (right instanceof SafeText safe && left instanceof String) {
                    return new SafeText(SafeText.escape(left)).plus(safe);
                }
                if (left instanceof String first && right instanceof String second) {
                    Budget.room((long) first.length() + second.length());
                    return first + second;
                }
                if (left instanceof List<?> first
                        && right instanceof List<?> second
                        && left instanceof Tuple == right instanceof Tuple) {
                    List<Object> both = new ArrayList<>(first);
                    both.addAll(second);
                    Budget.room(both.size());
                    return left instanceof Tuple ? new Tuple(both.toArray()) : both;
                }
            }
            case "*" -> {
                if (left instanceof String text && isInteger(right)) {
                    return repeat(text, Values.integer(right, "a count"));
                }
                if (right instanceof String text && isInteger(left)) {
                    return repeat(text, Values.integer(left, "a count"));
                }
            }
            default -> {}
        }
        throw mismatch(operator, left, right);
    }

    private static String repeat(String text, long count) {
        if (count <= 0) {
            return "";
        }
        Budget.room(count);
        Budget.room(text.length() * count);
        return text.repeat((int) count);
    }

    private static Fault mismatch(String operator, Object left, Object right) {
        for (Object value : new Object[] {left, right}) {
            if (value instanceof Undefined undefined) {
                return undefined.fault();
            }
        }
        return new Fault("'" + operator + "' does not work between values of type " + Values.type(left) + " and "
                + Values.type(right));
    }

    static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    private static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    static double number(Object value) {
        return value instanceof Double number ? number : Values.integer(value, "a number");
    }

    private static Object numbers(String operator, Object left, Object right) {
        if (isInteger(left) && isInteger(right)) {
            try {
                return integers(operator, Values.integer(left, "a number"), Values.integer(right, "a number"));
            } catch (ArithmeticException e) {
                throw new Fault("the result of '" + operator + "' has more than 64 bits");
            }
        }
        double a = number(left);
        double b = number(right);
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / divisor(b);
            case "//" -> Math.floor(a / divisor(b));
            case "%" -> {
                double remainder = a % divisor(b);
                yield remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
            }
            default -> Math.pow(a, b);
        };
    }

    private static Object integers(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "/" -> (double) a / nonZero(b);
            case "//" -> Math.floorDiv(a, nonZero(b));
            case "%" -> Math.floorMod(a, nonZero(b));
            default -> b < 0 ? (Object) Math.pow((double) a, (double) b) : (Object) power(a, b);
        };
    }

    private static long nonZero(long value) {
        divisor(value == 0 ? 0 : 1);
        return value;
    }

    private static double divisor(double value) {
        if (value == 0) {
            throw new Fault("a number is divided by zero");
        }
        return value;
    }

    private static long power(long base, long exponent) {
        if (exponent > 64 && Math.abs(base) > 1) {
            throw new ArithmeticException();
        }
        // Of 0, 1 and -1 only whether the exponent is odd matters.
        long times = Math.abs(base) > 1 || exponent == 0 ? exponent : 2 - exponent % 2;
        long result = 1;
        for (long i = 0; i < times; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    static Object signed(boolean negative, Object value) {
        if (!isNumber(value)) {
            throw Values.unusable(value, "has no sign");
        }
        if (value instanceof Double number) {
            return negative ? -number : number;
        }
        long number = Values.integer(value, "a number");
        return negative ? Math.negateExact(number) : number;
    }

    static boolean compare(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "<" -> order(operator, left, right) < 0;
            case "<=" -> order(operator, left, right) <= 0;
            case ">" -> order(operator, left, right) > 0;
            case ">=" -> order(operator, left, right) >= 0;
            case "in" -> contains(right, left);
            default -> !contains(right, left);
        };
    }

    static boolean equal(Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return order("==", left, right) == 0;
        }
        if (Values.isText(left) && Values.isText(right)) {
            return Text.of(left).equals(Text.of(right));
        }
        if (left instanceof Undefined || right instanceof Undefined) {
            return left instanceof Undefined && right instanceof Undefined;
        }
        if (left instanceof List<?> first && right instanceof List<?> second) {
            return left instanceof Tuple == right instanceof Tuple && equalItems(first, second);
        }
        if (left instanceof Map<?, ?> first && right instanceof Map<?, ?> second) {
            return first.keySet().equals(second.keySet())
                    && first.keySet().stream().allMatch(key -> equal(first.get(key), second.get(key)));
        }
        return left == null ? right == null : left.equals(right);
    }

    private static boolean equalItems(List<?> first, List<?> second) {
        if (first.size() != second.size()) {
            return false;
        }
        Iterator<?> others = second.iterator();
        return first.stream().allMatch(item -> equal(item, others.next()));
    }

    /** Negative, zero or positive, as {@code left} comes before, with or after {@code right}. */
    static int order(String operator, Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            if (isInteger(left) && isInteger(right)) {
                return Long.compare(Values.integer(left, "a number"), Values.integer(right, "a number"));
            }
            return number(left) < number(right) ? -1 : number(left) > number(right) ? 1 : 0;
        }
        if (Values.isText(left) && Values.isText(right)) {
            return PythonStrings.order(Text.of(left), Text.of(right));
        }
        if (left instanceof List<?> first
                && right instanceof List<?> second
                && left instanceof Tuple == right instanceof Tuple) {
            for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
                if (!equal(first.get(i), second.get(i))) {
                    return order(operator, first.get(i), second.get(i));
                }
            }
            return Integer.compare(first.size(), second.size());
        }
        throw mismatch(operator, left, right);
    }

    static boolean contains(Object container, Object item) {
        if (Values.isText(container)) {
            if (!Values.isText(item)) {
                throw mismatch("in", item, container);
            }
            return Text.of(container).contains(Text.of(item));
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(Values.key(item));
        }
        for (Object candidate : Values.iterate(container)) {
            if (equal(candidate, item)) {
                return true;
            }
        }
        return false;
    }
}
