package io.trainer4j.text.jinja;

import java.util.HashMap;
import java.util.Map;

/** The methods of a string. */
final class StringMethods {
    interface Method {
        Object call(String text, Arguments arguments);
    }

    private static final Map<String, Method> CHANGES = Map.ofEntries(
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
            Map.entry("removeprefix", (text, arguments) -> {
                String prefix = arguments.bind("removeprefix", "prefix").text("prefix");
                return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
            }),
            Map.entry("removesuffix", (text, arguments) -> {
                String suffix = arguments.bind("removesuffix", "suffix").text("suffix");
                return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
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
            Map.entry("casefold", (text, arguments) -> plain("casefold", arguments, PythonStrings.casefold(text))),
            Map.entry("swapcase", (text, arguments) -> plain("swapcase", arguments, PythonStrings.swapCase(text))),
            Map.entry("center", (text, arguments) -> {
                Padding padding = Padding.of("center", text, arguments);
                // As CPython: what cannot be halved goes to the left where the width is odd.
                long left = padding.missing() / 2 + (padding.missing() & padding.width() & 1);
                return padding.around(text, left);
            }),
            Map.entry(
                    "ljust",
                    (text, arguments) -> Padding.of("ljust", text, arguments).around(text, 0)),
            Map.entry("rjust", (text, arguments) -> {
                Padding padding = Padding.of("rjust", text, arguments);
                return padding.around(text, padding.missing());
            }),
            Map.entry("zfill", (text, arguments) -> {
                Padding padding = Padding.of("zfill", text, arguments);
                int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
                return text.substring(0, sign) + "0".repeat((int) padding.missing()) + text.substring(sign);
            }),
            Map.entry("format", BraceFormat::format));

    private static final Map<String, Method> METHODS = new HashMap<>(CHANGES);

    static {
        METHODS.putAll(StringSearch.ALL);
        METHODS.putAll(StringKinds.ALL);
    }

    /**
     * What brings a string to a width.
     *
     * @param missing how many characters
     */
    private record Padding(String fill, long width, long missing) {
        static Padding of(String method, String text, Arguments arguments) {
            Arguments.Bound bound = arguments.bind(method, "width", "fillchar?");
            String fill = bound.has("fillchar") ? bound.text("fillchar") : " ";
            if (Values.length(fill) != 1) {
                throw new Fault("a string is filled up with a single character");
            }
            long width = bound.integer("width", 0);
            Budget.room(width);
            return new Padding(fill, width, Math.max(0, width - Values.length(text)));
        }

        String around(String text, long left) {
            return fill.repeat((int) left) + text + fill.repeat((int) (missing - left));
        }
    }

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

    private static Object plain(String method, Arguments arguments, Object result) {
        arguments.bind(method);
        return result;
    }
}
