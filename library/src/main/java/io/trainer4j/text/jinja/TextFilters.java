package io.trainer4j.text.jinja;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters that make text. */
final class TextFilters {
    private static final Pattern WORD =
            Pattern.compile("[-\\s({\\[<]+|[^-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);

    static final Map<String, Filters.Filter> ALL = Map.ofEntries(
            Map.entry("string", (value, arguments, rendering) -> {
                arguments.bind("string");
                return value instanceof SafeText ? value : Text.of(value);
            }),
            Map.entry("safe", (value, arguments, rendering) -> {
                arguments.bind("safe");
                return value instanceof SafeText ? value : new SafeText(Text.of(value));
            }),
            Map.entry("escape", TextFilters::escape),
            Map.entry("e", TextFilters::escape),
            Map.entry("forceescape", (value, arguments, rendering) -> {
                arguments.bind("forceescape");
                return new SafeText(SafeText.escape(Text.of(value)));
            }),
            Map.entry("upper", (value, arguments, rendering) -> {
                arguments.bind("upper");
                return SafeText.like(value, PythonStrings.upper(Text.of(value)));
            }),
            Map.entry("lower", (value, arguments, rendering) -> {
                arguments.bind("lower");
                return SafeText.like(value, PythonStrings.lower(Text.of(value)));
            }),
            Map.entry("capitalize", (value, arguments, rendering) -> {
                arguments.bind("capitalize");
                return SafeText.like(value, PythonStrings.capitalize(Text.of(value)));
            }),
            Map.entry("title", (value, arguments, rendering) -> {
                arguments.bind("title");
                return title(Text.of(value));
            }),
            Map.entry("trim", (value, arguments, rendering) -> {
                Arguments.Bound bound = arguments.bind("trim", "chars?");
                String characters = bound.get("chars") == null ? null : bound.text("chars");
                return SafeText.like(value, PythonStrings.strip(Text.of(value), characters, true, true));
            }),
            Map.entry("replace", (value, arguments, rendering) -> {
                Arguments.Bound bound = arguments.bind("replace", "old", "new", "count?");
                long limit = bound.get("count") == null ? -1 : bound.integer("count", -1);
                return PythonStrings.replace(
                        Text.of(value), Text.of(bound.get("old")), Text.of(bound.get("new")), limit);
            }),
            Map.entry("join", (value, arguments, rendering) -> {
                Arguments.Bound bound = arguments.bind("join", "d?", "attribute?");
                Iterable<Object> items = Values.iterate(value);
                return join(
                        Text.of(bound.get("d", "")),
                        bound.has("attribute") ? SequenceFilters.map(items, bound.get("attribute"), null) : items,
                        true);
            }),
            Map.entry("wordcount", (value, arguments, rendering) -> {
                arguments.bind("wordcount");
                Matcher words =
                        Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS).matcher(Text.of(value));
                return words.results().count();
            }),
            Map.entry(
                    "tojson",
                    (value, arguments, rendering) -> Json.write(
                            value, arguments.bind("tojson", "ensure_ascii?", "indent?", "separators?", "sort_keys?"))));

    private TextFilters() {}

    private static Object escape(Object value, Arguments arguments, Rendering rendering) {
        arguments.bind("escape");
        return new SafeText(SafeText.escape(value));
    }

    private static String title(String text) {
        return WORD.matcher(text).replaceAll(word -> {
            int first = word.group().offsetByCodePoints(0, 1);
            String title = PythonStrings.upper(word.group().substring(0, first))
                    + PythonStrings.lower(word.group().substring(first));
            return Matcher.quoteReplacement(title);
        });
    }

    /**
     * Writes items one behind the other.
     *
     * @param any whether items that are not strings are written as text; else they are refused
     */
    static String join(String separator, Iterable<Object> items, boolean any) {
        StringBuilder text = new StringBuilder();
        boolean first = true;
        for (Object item : items) {
            text.append(first ? "" : separator).append(any ? Text.of(item) : Values.string(item, "joined"));
            first = false;
            Budget.room(text.length());
        }
        return text.toString();
    }
}
