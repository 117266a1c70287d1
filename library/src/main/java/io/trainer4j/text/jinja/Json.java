package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Values as Python's {@code json.dumps} writes them. */
final class Json {
    private final StringBuilder out = new StringBuilder();
    private final boolean ascii;
    private final boolean sortKeys;
    private final String indent;
    private final String itemSeparator;
    private final String keySeparator;

    private Json(Arguments.Bound options) {
        ascii = options.flag("ensure_ascii");
        sortKeys = options.flag("sort_keys");
        Object width = options.get("indent");
        indent = width == null || width instanceof String
                ? (String) width
                : (String) Operators.apply("*", " ", Values.integer(width, "an indentation"));
        List<Object> separators = options.get("separators") == null
                ? List.of(indent == null ? ", " : ",", ": ")
                : Values.list(options.get("separators"));
        if (separators.size() != 2) {
            throw new Fault("the separators of tojson must be two strings");
        }
        itemSeparator = Values.string(separators.get(0), "a separator");
        keySeparator = Values.string(separators.get(1), "a separator");
    }

    /**
     * Writes a value.
     *
     * @param options {@code ensure_ascii}, {@code indent}, {@code separators}, {@code sort_keys}; none of them must be given
     */
    static String write(Object value, Arguments.Bound options) {
        Json json = new Json(options);
        json.write(value, 0);
        return json.out.toString();
    }

    private void write(Object value, int depth) {
        Budget.room(out.length());
        if (value == null) {
            out.append("null");
        } else if (value instanceof Boolean || value instanceof Long) {
            out.append(value);
        } else if (value instanceof Double number) {
            out.append(number(number));
        } else if (Values.isText(value)) {
            quote(Text.of(value));
        } else if (value instanceof List<?> list && !(value instanceof Range)) {
            writeList(list, depth);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map, depth);
        } else {
            throw Values.unusable(value, "cannot be written as JSON");
        }
    }

    private static String number(double number) {
        return Double.isNaN(number)
                ? "NaN"
                : Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Text.number(number);
    }

    private void writeList(List<?> list, int depth) {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            separate(i, depth + 1);
            write(list.get(i), depth + 1);
        }
        close(list.isEmpty(), depth, ']');
    }

    private void writeMap(Map<?, ?> map, int depth) {
        out.append('{');
        List<Object> keys = new ArrayList<>(map.keySet());
        if (sortKeys) {
            keys.sort((a, b) -> Operators.order("<", a, b));
        }
        for (int i = 0; i < keys.size(); i++) {
            separate(i, depth + 1);
            quote(key(keys.get(i)));
            out.append(keySeparator);
            write(map.get(keys.get(i)), depth + 1);
        }
        close(map.isEmpty(), depth, '}');
    }

    private static String key(Object key) {
        if (key instanceof String name) {
            return name;
        }
        if (key == null || key instanceof Boolean) {
            return key == null ? "null" : key.toString();
        }
        if (key instanceof Number) {
            return key instanceof Double number ? number(number) : key.toString();
        }
        throw Values.unusable(key, "cannot be a key in JSON");
    }

    private void separate(int index, int depth) {
        out.append(index == 0 ? "" : itemSeparator);
        breakLine(depth);
    }

    private void close(boolean empty, int depth, char bracket) {
        if (!empty) {
            breakLine(depth);
        }
        out.append(bracket);
    }

    private void breakLine(int depth) {
        if (indent != null) {
            Budget.room(out.length() + (long) indent.length() * depth);
            out.append('\n').append(indent.repeat(depth));
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c < ' ' || (ascii && c > '~')) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
