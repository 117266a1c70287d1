package io.trainer4j.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** The methods of a string. */
final class StringMethods {
    private interface Method {
        Object call(String text, Arguments arguments);
    }

    private static final Map<String, Method> METHODS = Map.ofEntries(
            Map.entry("strip", (text, arguments) -> strip(text, arguments, true, true)),
            Map.entry("lstrip", (text, arguments) -> strip(text, arguments, true, false)),
            Map.entry("rstrip", (text, arguments) -> strip(text, arguments, false, true)),
            Map.entry("split", (text, arguments) -> {
                Arguments.Bound bound = arguments.bind("split", "sep?", "maxsplit?");
                return PythonStrings.split(text, optional(bound, "sep"), bound.integer("maxsplit", -1));
            }),
            Map.entry("rsplit", (text, arguments) -> {
                Arguments.Bound bound = arguments.bind("rsplit", "sep?", "maxsplit?");
                return PythonStrings.splitFromEnd(text, optional(bound, "sep"), bound.integer("maxsplit", -1));
            }),
            Map.entry(
                    "splitlines",
                    (text, arguments) -> PythonStrings.lines(
                            text, arguments.bind("splitlines", "keepends?").flag("keepends"))),
            Map.entry("partition", (text, arguments) -> partition(text, separator(arguments), true)),
            Map.entry("rpartition", (text, arguments) -> partition(text, separator(arguments), false)),
            Map.entry("replace", (text, arguments) -> {
                Arguments.Bound bound = arguments.bind("replace", "old", "new", "count?");
                return PythonStrings.replace(text, bound.text("old"), bound.text("new"), bound.integer("count", -1));
            }),
            Map.entry("startswith", (text, arguments) -> {
                Object prefix = arguments.bind("startswith", "prefix").get("prefix");
                return any(prefix).stream().anyMatch(start -> text.startsWith(Values.string(start, "a prefix")));
            }),
            Map.entry("endswith", (text, arguments) -> {
                Object suffix = arguments.bind("endswith", "suffix").get("suffix");
                return any(suffix).stream().anyMatch(end -> text.endsWith(Values.string(end, "a suffix")));
            }),
            Map.entry("removeprefix", (text, arguments) -> {
                String prefix = arguments.bind("removeprefix", "prefix").text("prefix");
                return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
            }),
            Map.entry("removesuffix", (text, arguments) -> {
                String suffix = arguments.bind("removesuffix", "suffix").text("suffix");
                return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
            }),
            Map.entry("find", (text, arguments) -> position(text, text.indexOf(part("find", arguments)))),
            Map.entry("rfind", (text, arguments) -> position(text, text.lastIndexOf(part("rfind", arguments)))),
            Map.entry("index", (text, arguments) -> found(position(text, text.indexOf(part("index", arguments))))),
            Map.entry("count", (text, arguments) -> {
                String part = part("count", arguments);
                return part.isEmpty()
                        ? Values.length(text) + 1
                        : PythonStrings.split(text, part, -1).size() - 1L;
            }),
            Map.entry(
                    "join",
                    (text, arguments) -> TextFilters.join(
                            text,
                            Values.iterate(arguments.bind("join", "iterable").get("iterable")),
                            false)),
            Map.entry("upper", (text, arguments) -> plain("upper", arguments, PythonStrings.upper(text))),
            Map.entry("lower", (text, arguments) -> plain("lower", arguments, PythonStrings.lower(text))),
            Map.entry("title", (text, arguments) -> plain("title", arguments, PythonStrings.title(text))),
            Map.entry(
                    "capitalize", (text, arguments) -> plain("capitalize", arguments, PythonStrings.capitalize(text))),
            Map.entry("isupper", (text, arguments) -> plain("isupper", arguments, isCase(text, true))),
            Map.entry("islower", (text, arguments) -> plain("islower", arguments, isCase(text, false))),
            Map.entry("isspace", (text, arguments) -> plain("isspace", arguments, all(text, PythonStrings::isSpace))),
            Map.entry("isdigit", (text, arguments) -> plain("isdigit", arguments, all(text, Character::isDigit))),
            Map.entry("isalpha", (text, arguments) -> plain("isalpha", arguments, all(text, Character::isLetter))),
            Map.entry(
                    "isalnum",
                    (text, arguments) -> plain("isalnum", arguments, all(text, Character::isLetterOrDigit))));

    private StringMethods() {}

    static Object find(String text, String name) {
        Method method = METHODS.get(name);
        return method == null
                ? Undefined.member(text, name)
                : (Callable) (arguments, rendering) -> method.call(text, arguments);
    }

    private static Object strip(String text, Arguments arguments, boolean left, boolean right) {
        return PythonStrings.strip(text, optional(arguments.bind("strip", "chars?"), "chars"), left, right);
    }

    private static String optional(Arguments.Bound bound, String parameter) {
        return bound.get(parameter) == null ? null : bound.text(parameter);
    }

    private static String separator(Arguments arguments) {
        String separator = arguments.bind("partition", "sep").text("sep");
        PythonStrings.checkSeparator(separator);
        return separator;
    }

    private static Object partition(String text, String separator, boolean first) {
        int at = first ? text.indexOf(separator) : text.lastIndexOf(separator);
        if (at < 0) {
            return first ? new Tuple(text, "", "") : new Tuple("", "", text);
        }
        return new Tuple(text.substring(0, at), separator, text.substring(at + separator.length()));
    }

    private static List<Object> any(Object oneOrMore) {
        return oneOrMore instanceof Tuple tuple ? tuple : new Tuple(oneOrMore);
    }

    private static String part(String method, Arguments arguments) {
        return arguments.bind(method, "sub").text("sub");
    }

    private static long position(String text, int index) {
        return index < 0 ? -1 : text.codePointCount(0, index);
    }

    private static long found(long position) {
        if (position < 0) {
            throw new Fault("the string does not hold the part whose index is asked for");
        }
        return position;
    }

    private static Object plain(String method, Arguments arguments, Object result) {
        arguments.bind(method);
        return result;
    }

    static boolean isCase(String text, boolean upper) {
        int[] cased = text.codePoints()
                .filter(c -> Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c))
                .toArray();
        for (int c : cased) {
            if (upper ? !Character.isUpperCase(c) : !Character.isLowerCase(c)) {
                return false;
            }
        }
        return cased.length > 0;
    }

    private static boolean all(String text, IntPredicate condition) {
        return !text.isEmpty() && text.codePoints().allMatch(condition);
    }
}
