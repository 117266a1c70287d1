package io.trainer4j.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tests behind {@code is}. */
final class Tests {
    /** The tests that compare with another value, each with the name of that parameter. */
    private static final Map<String, String> COMPARISONS = Map.ofEntries(
            Map.entry("divisibleby", "num"),
            Map.entry("sameas", "other"),
            Map.entry("in", "seq"),
            Map.entry("eq", "b"),
            Map.entry("==", "b"),
            Map.entry("equalto", "b"),
            Map.entry("ne", "b"),
            Map.entry("!=", "b"),
            Map.entry("gt", "b"),
            Map.entry(">", "b"),
            Map.entry("greaterthan", "b"),
            Map.entry("ge", "b"),
            Map.entry(">=", "b"),
            Map.entry("lt", "b"),
            Map.entry("<", "b"),
            Map.entry("lessthan", "b"),
            Map.entry("le", "b"),
            Map.entry("<=", "b"));

    private static final Set<String> CONDITIONS = Set.of(
            "defined",
            "undefined",
            "none",
            "boolean",
            "true",
            "false",
            "integer",
            "float",
            "number",
            "string",
            "mapping",
            "sequence",
            "iterable",
            "callable",
            "odd",
            "even",
            "lower",
            "upper",
            "escaped",
            "filter",
            "test");

    private Tests() {}

    private static boolean exists(String name) {
        return COMPARISONS.containsKey(name) || CONDITIONS.contains(name);
    }

    static boolean apply(String name, Object value, Arguments arguments) {
        if (!exists(name)) {
            throw new Fault("there is no test '" + name + "' in this version");
        }
        String parameter = COMPARISONS.get(name);
        if (parameter == null) {
            arguments.bind("the test " + name);
            return apply(name, value);
        }
        return compare(
                name, value, arguments.bind("the test " + name, parameter).get(parameter));
    }

    private static boolean compare(String name, Object value, Object other) {
        return switch (name) {
            case "divisibleby" -> remainder(value, other) == 0;
            case "sameas" ->
                value == other
                        || (isSingle(value)
                                && Values.type(value).equals(Values.type(other))
                                && Operators.equal(value, other));
            case "in" -> Operators.contains(other, value);
            case "eq", "==", "equalto" -> Operators.equal(value, other);
            case "ne", "!=" -> !Operators.equal(value, other);
            case "gt", ">", "greaterthan" -> Operators.compare(">", value, other);
            case "ge", ">=" -> Operators.compare(">=", value, other);
            case "lt", "<", "lessthan" -> Operators.compare("<", value, other);
            default -> Operators.compare("<=", value, other);
        };
    }

    private static boolean apply(String name, Object value) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == null;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "number" -> Numbers.isNumber(value);
            case "string" -> Values.isText(value);
            case "mapping" -> value instanceof Map;
            case "sequence" ->
                Values.isText(value) || value instanceof List || value instanceof Map || value instanceof Undefined;
            case "iterable" ->
                Values.isText(value) || value instanceof Iterable || value instanceof Map || value instanceof Undefined;
            case "callable" -> value instanceof Callable || value instanceof Undefined;
            case "odd" -> remainder(value, 2L) == 1;
            case "even" -> remainder(value, 2L) == 0;
            case "lower" -> StringKinds.isCase(Text.of(value), false);
            case "upper" -> StringKinds.isCase(Text.of(value), true);
            case "escaped" -> value instanceof SafeText;
            case "filter" -> value instanceof String filter && Filters.exists(filter);
            case "test" -> value instanceof String test && exists(test);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Whether equal values of its type are one and the same. */
    private static boolean isSingle(Object value) {
        return value == null || value instanceof Boolean || value instanceof Long || value instanceof String;
    }

    private static double remainder(Object value, Object divisor) {
        for (Object operand : new Object[] {value, divisor}) {
            if (!Numbers.isNumber(operand)) {
                throw Values.unusable(operand, "cannot be divided");
            }
        }
        return Numbers.real(Numbers.apply("%", value, divisor));
    }
}
