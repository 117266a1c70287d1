package io.trainer4j.text.jinja;

import java.util.Map;
import java.util.regex.Pattern;

/** Filters that shorten, pad or fill in text. */
final class LayoutFilters {
    private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
    private static final Pattern TAG = Pattern.compile("<[^>]*>");

    static final Map<String, Filters.Filter> ALL = Map.of(
            "indent", (value, arguments, rendering) -> indent(value, arguments),
            "center", (value, arguments, rendering) -> center(value, arguments),
            "truncate", (value, arguments, rendering) -> truncate(value, arguments),
            "striptags", (value, arguments, rendering) -> withoutTags(value, arguments),
            "format", (value, arguments, rendering) -> format(Text.of(value), arguments));

    private LayoutFilters() {}

    private static String indent(Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("indent", "width?", "first?", "blank?");
        Object width = bound.get("width", 4L);
        String indention = width instanceof String text
                ? text
                : (String) Operators.apply("*", " ", Values.integer(width, "a width"));
        return PythonStrings.indent(
                Values.string(value, "indented"), indention, bound.flag("first"), bound.flag("blank"));
    }

    private static Object center(Object value, Arguments arguments) {
        long width = arguments.bind("center", "width?").integer("width", 80);
        Callable method = (Callable) StringMethods.find(Text.of(value), "center");
        return SafeText.like(value, (String) method.call(Arguments.of(width), null));
    }

    private static String truncate(Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("truncate", "length?", "killwords?", "end?", "leeway?");
        String text = Values.string(value, "shortened");
        String end = bound.has("end") ? bound.text("end") : "...";
        long length = bound.integer("length", 255);
        long leeway = bound.get("leeway") == null ? 5 : bound.integer("leeway", 5);
        long room = length - Values.length(end);
        if (room < 0 || leeway < 0) {
            throw new Fault("truncate needs a length that is not below that of its end, and no negative leeway");
        }
        if (Values.length(text) <= length + leeway) {
            return text;
        }
        String start = text.substring(0, text.offsetByCodePoints(0, (int) room));
        int word = start.lastIndexOf(' ');
        return (bound.flag("killwords") || word < 0 ? start : start.substring(0, word)) + end;
    }

    /** Without comments and tags, with the characters that entities stand for, and with single spaces. */
    private static String withoutTags(Object value, Arguments arguments) {
        arguments.bind("striptags");
        String text =
                TAG.matcher(COMMENT.matcher(Text.of(value)).replaceAll("")).replaceAll("");
        StringBuilder words = new StringBuilder();
        for (Object word : PythonStrings.split(text, null, -1)) {
            words.append(words.isEmpty() ? "" : " ").append(word);
        }
        return SafeText.unescape(words.toString());
    }

    private static String format(String format, Arguments arguments) {
        if (!arguments.positional().isEmpty() && !arguments.named().isEmpty()) {
            throw new Fault("format takes values either by position or by name");
        }
        return PercentFormat.format(
                format,
                arguments.named().isEmpty() ? new Tuple(arguments.positional().toArray()) : arguments.named());
    }
}
