package io.trainer4j.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** The methods that look for a part of a string; positions count code points. */
final class StringSearch {
    static final Map<String, StringMethods.Method> ALL = Map.of(
            "find", (text, arguments) -> position("find", text, arguments, false),
            "rfind", (text, arguments) -> position("rfind", text, arguments, true),
            "index", (text, arguments) -> found(position("index", text, arguments, false)),
            "rindex", (text, arguments) -> found(position("rindex", text, arguments, true)),
            "count", StringSearch::count,
            "startswith", (text, arguments) -> matches("startswith", text, arguments, String::startsWith),
            "endswith", (text, arguments) -> matches("endswith", text, arguments, String::endsWith));

    /** The part of a string between the bounds of a call; they are limited as those of a slice. */
    private record Window(String text, long start, boolean isEmpty) {
        static Window of(String text, Arguments.Bound bound) {
            long length = Values.length(text);
            long start = limit(bound.get("start"), 0, length);
            long stop = Math.min(length, limit(bound.get("end"), length, length));
            if (start > stop) {
                return new Window("", start, true);
            }
            int from = text.offsetByCodePoints(0, (int) start);
            return new Window(text.substring(from, text.offsetByCodePoints(from, (int) (stop - start))), start, false);
        }

        private static long limit(Object bound, long otherwise, long length) {
            if (bound == null) {
                return otherwise;
            }
            long value = Values.integer(bound, "a position");
            return value < 0 ? Math.max(0, value + length) : value;
        }
    }

    private StringSearch() {}

    private static Arguments.Bound bind(String method, Arguments arguments) {
        return arguments.bind(method, "sub", "start?", "end?");
    }

    private static long position(String method, String text, Arguments arguments, boolean last) {
        Arguments.Bound bound = bind(method, arguments);
        String part = bound.text("sub");
        Window window = Window.of(text, bound);
        int index = last ? window.text().lastIndexOf(part) : window.text().indexOf(part);
        return index < 0 || window.isEmpty()
                ? -1
                : window.start() + window.text().codePointCount(0, index);
    }

    private static long found(long position) {
        if (position < 0) {
            throw new Fault("the string does not hold the part whose index is asked for");
        }
        return position;
    }

    private static Object count(String text, Arguments arguments) {
        Arguments.Bound bound = bind("count", arguments);
        String part = bound.text("sub");
        Window window = Window.of(text, bound);
        if (window.isEmpty()) {
            return 0L;
        }
        return part.isEmpty()
                ? Values.length(window.text()) + 1
                : PythonStrings.split(window.text(), part, -1).size() - 1L;
    }

    private static Object matches(
            String method, String text, Arguments arguments, BiPredicate<String, String> condition) {
        Arguments.Bound bound = bind(method, arguments);
        Window window = Window.of(text, bound);
        Object oneOrMore = bound.get("sub");
        List<Object> parts = oneOrMore instanceof Tuple tuple ? tuple : new Tuple(oneOrMore);
        return parts.stream()
                .map(part -> Values.string(part, "looked for at an end"))
                .anyMatch(part -> !window.isEmpty() && condition.test(window.text(), part));
    }
}
