package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Operators between values of any type, with Python's rules. */
final class Operators {
    private Operators() {}

    static Object apply(String operator, Object left, Object right) {
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.apply(operator, left, right);
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
                if (left instanceof List<?> first && right instanceof List<?> second && areAlike(first, second)) {
                    List<Object> both = new ArrayList<>(first);
                    both.addAll(second);
                    Budget.room(both.size());
                    return left instanceof Tuple ? new Tuple(both.toArray()) : both;
                }
            }
            case "*" -> {
                if (isRepeatable(left) && Numbers.isInteger(right)) {
                    return repeat(left, Values.integer(right, "a count"));
                }
                if (isRepeatable(right) && Numbers.isInteger(left)) {
                    return repeat(right, Values.integer(left, "a count"));
                }
            }
            case "%" -> {
                if (left instanceof SafeText safe) {
                    return new SafeText(PercentFormat.format(safe.text(), SafeText.escaped(right)));
                }
                if (left instanceof String format) {
                    return PercentFormat.format(format, right);
                }
            }
            default -> {}
        }
        throw mismatch(operator, left, right);
    }

    private static boolean isRepeatable(Object value) {
        return Values.isText(value) || (value instanceof List && !(value instanceof Range));
    }

    private static Object repeat(Object value, long times) {
        long count = Math.max(0, times);
        Budget.room(count);
        Budget.room(
                (value instanceof List<?> list ? list.size() : Text.of(value).length()) * count);
        if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>();
            for (long i = 0; i < count && !list.isEmpty(); i++) {
                items.addAll(list);
            }
            return value instanceof Tuple ? new Tuple(items.toArray()) : items;
        }
        return SafeText.like(value, Text.of(value).repeat((int) count));
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

    static boolean compare(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "in" -> contains(right, left);
            case "not in" -> !contains(right, left);
            default -> isOrdered(operator, left, right);
        };
    }

    private static boolean isOrdered(String operator, Object left, Object right) {
        if (Numbers.isNumber(left) && Numbers.isNumber(right) && !Numbers.areOrdered(left, right)) {
            return false;
        }
        int order = order(operator, left, right);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    static boolean equal(Object left, Object right) {
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.areOrdered(left, right) && Numbers.order(left, right) == 0;
        }
        if (Values.isText(left) && Values.isText(right)) {
            return Text.of(left).equals(Text.of(right));
        }
        if (left instanceof Undefined || right instanceof Undefined) {
            return left instanceof Undefined && right instanceof Undefined;
        }
        if (left instanceof List<?> first && right instanceof List<?> second) {
            return areOfOneType(first, second) && equalItems(first, second);
        }
        if (left instanceof Map<?, ?> first && right instanceof Map<?, ?> second) {
            return first.size() == second.size()
                    && first.keySet().stream().allMatch(key -> hasEqual(second, key, first.get(key)));
        }
        if (left instanceof Values.View first && right instanceof Values.View second) {
            return left == right || areEqualSets(first, second);
        }
        return left == null ? right == null : left.equals(right);
    }

    /** The values of a dict are no set and equal only themselves. */
    private static boolean areEqualSets(Values.View left, Values.View right) {
        return !left.name().equals("dict_values")
                && left.name().equals(right.name())
                && left.items().size() == right.items().size()
                && left.items().stream().allMatch(item -> contains(right, item));
    }

    private static boolean areOfOneType(List<?> left, List<?> right) {
        return left instanceof Tuple == right instanceof Tuple && left instanceof Range == right instanceof Range;
    }

    /** Whether two lists, neither of them a range, can be joined and compared. */
    private static boolean areAlike(List<?> left, List<?> right) {
        return areOfOneType(left, right) && !(left instanceof Range);
    }

    private static boolean hasEqual(Map<?, ?> map, Object key, Object value) {
        Object held = MapMethods.held(map, key);
        return map.containsKey(held) && equal(value, map.get(held));
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
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.order(left, right);
        }
        if (Values.isText(left) && Values.isText(right)) {
            return PythonStrings.order(Text.of(left), Text.of(right));
        }
        if (left instanceof List<?> first && right instanceof List<?> second && areAlike(first, second)) {
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
            return map.containsKey(MapMethods.held(map, Values.key(item)));
        }
        for (Object candidate : Values.iterate(container)) {
            if (equal(candidate, item)) {
                return true;
            }
        }
        return false;
    }
}
