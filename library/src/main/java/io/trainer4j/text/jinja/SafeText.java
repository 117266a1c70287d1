package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A string that the filter {@code safe} marked: text added to it is escaped for HTML, as Python's Markup does. */
record SafeText(String text) {
    SafeText plus(Object other) {
        return new SafeText(text + escape(other));
    }

    /** A string's method; what it is given is escaped and the strings it makes are marked, too. */
    Object method(String name) {
        Object method = StringMethods.find(text, name);
        if (!(method instanceof Callable callable)) {
            return method;
        }
        boolean escapes = Set.of("join", "replace", "format").contains(name);
        return (Callable) (arguments, rendering) ->
                marked(callable.call(escapes ? arguments.map(SafeText::escaped) : arguments, rendering));
    }

    /** A value in which text that is not marked is escaped. */
    static Object escaped(Object value) {
        if (value instanceof Tuple tuple) {
            return new Tuple(tuple.stream().map(SafeText::escaped).toArray());
        }
        if (value instanceof List<?> list) {
            return new ArrayList<>(list.stream().map(SafeText::escaped).toList());
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> escaped = new LinkedHashMap<>(map);
            escaped.replaceAll((key, item) -> escaped(item));
            return escaped;
        }
        return Values.isText(value) ? escape(value) : value;
    }

    private static Object marked(Object value) {
        if (value instanceof Tuple tuple) {
            return new Tuple(tuple.stream().map(SafeText::marked).toArray());
        }
        if (value instanceof List<?> list) {
            return new ArrayList<>(list.stream().map(SafeText::marked).toList());
        }
        return value instanceof String string ? new SafeText(string) : value;
    }

    /** A text that was made of another one and is marked as that one is. */
    static Object like(Object original, String text) {
        return original instanceof SafeText ? new SafeText(text) : text;
    }

    static String escape(Object value) {
        return value instanceof SafeText safe
                ? safe.text
                : Text.of(value)
                        .replace("&", "&amp;")
                        .replace(">", "&gt;")
                        .replace("<", "&lt;")
                        .replace("'", "&#39;")
                        .replace("\"", "&#34;");
    }

    /** The text for which an escaped one stands. */
    static String unescape(String text) {
        return text.replace("&gt;", ">")
                .replace("&lt;", "<")
                .replace("&#39;", "'")
                .replace("&#34;", "\"")
                .replace("&quot;", "\"")
                .replace("&nbsp;", "\u00a0")
                .replace("&amp;", "&");
    }
}
