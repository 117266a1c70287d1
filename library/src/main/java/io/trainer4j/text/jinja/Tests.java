package io.trainer4j.text.jinja;

import java.util.List;
import java.util.Map;

/** The tests behind {@code is}. */
final class Tests {
    private Tests() {}

    static boolean apply(String name, Object value, Arguments arguments) {
        switch (name) {
            case "divisibleby",
                    "sameas",
                    "in",
                    "eq",
                    "==",
                    "equalto",
                    "ne",
                    "!=",
                    "gt",
                    ">",
                    "greaterthan",
                    "ge",
                    ">=",
                    "lt",
                    "<",
                    "lessthan",
                    "le",
                    "<=" -> {
                return compare(
                        name, value, arguments.bind("the test " + name, "other").get("other"));
            }
            default -> {
                arguments.bind("the test " + name);
                return apply(name, value);
            }
        }
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
            case "number" -> Operators.isNumber(value);
            case "string" -> Values.isText(value);
            case "mapping" -> value instanceof Map;
            case "sequence" ->
                Values.isText(value) || value instanceof List || value instanceof Map || value instanceof Undefined;
            case "iterable" ->
                Values.isText(value) || value instanceof Iterable || value instanceof Map || value instanceof Undefined;
            case "callable" -> value instanceof Callable || value instanceof Undefined;
            case "odd" -> remainder(value, 2L) == 1;
            case "even" -> remainder(value, 2L) == 0;
            case "lower" -> StringMethods.isCase(Text.of(value), false);
            case "upper" -> StringMethods.isCase(Text.of(value), true);
            case "escaped" -> value instanceof SafeText;
            case "filter" -> Filters.exists(Values.string(value, "the name of a filter"));
            default -> throw new Fault("there is no test '" + name + "' in this version");
        };
    }

    /** Whether equal values of its type are one and the same. */
    private static boolean isSingle(Object value) {
        return value == null || value instanceof Boolean || value instanceof Long || value instanceof String;
    }

    private static double remainder(Object value, Object divisor) {
        return Operators.number(Operators.apply("%", value, divisor));
    }
}
