package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Attributes, items and slices of values, in the order in which Jinja's sandbox looks for them. */
final class Members {
    private static final Set<String> CHANGES_MAP = Set.of("clear", "pop", "popitem", "setdefault", "update");
    private static final Set<String> CHANGES_LIST =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private Members() {}

    /** {@code value.name}: a method first, then an item. */
    static Object attribute(Object value, String name) {
        Object own = own(value, name);
        return own instanceof Undefined
                        && value instanceof Map<?, ?> map
                        && !isForbidden(value, name)
                        && map.containsKey(name)
                ? map.get(name)
                : own;
    }

    /** {@code value[index]}: an item first, then a method. */
    static Object item(Object value, Object index) {
        if (value instanceof Map<?, ?> map) {
            Object key = Values.isKey(index) ? MapMethods.held(map, Values.key(index)) : index;
            if (map.containsKey(key)) {
                return map.get(key);
            }
        } else if (index instanceof Long || index instanceof Boolean) {
            long position = Values.integer(index, "an index");
            if (value instanceof List<?> list) {
                long at = position < 0 ? position + list.size() : position;
                return at >= 0 && at < list.size() ? list.get((int) at) : Undefined.member(value, index);
            }
            if (Values.isText(value)) {
                String text = Text.of(value);
                int length = text.codePointCount(0, text.length());
                long at = position < 0 ? position + length : position;
                return at >= 0 && at < length
                        ? SafeText.like(
                                value, Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) at))))
                        : Undefined.member(value, index);
            }
        }
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        return Values.isText(index) ? own(value, Text.of(index)) : Undefined.member(value, index);
    }

    private static boolean isForbidden(Object value, String name) {
        return (name.startsWith("__") && name.endsWith("__"))
                || (value instanceof Map && CHANGES_MAP.contains(name))
                || (value instanceof List && !(value instanceof Tuple) && CHANGES_LIST.contains(name));
    }

    private static Object own(Object value, String name) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (isForbidden(value, name)) {
            return new Undefined(
                    "'" + name + "' of a value of type " + Values.type(value) + " is out of bounds for templates");
        }
        if (value instanceof Namespace namespace && namespace.attributes().containsKey(name)) {
            return namespace.attributes().get(name);
        }
        if (value instanceof LoopState loop) {
            return loop.attribute(name);
        }
        if (value instanceof Map<?, ?> map) {
            return MapMethods.find(map, name);
        }
        if (value instanceof Group group && group.part(name) != null) {
            return group.part(name);
        }
        if (value instanceof List<?> list) {
            return ListMethods.find(list, name);
        }
        if (value instanceof String text) {
            return StringMethods.find(text, name);
        }
        if (value instanceof SafeText safe) {
            return safe.method(name);
        }
        return Undefined.member(value, name);
    }

    /** {@code value[start:stop:step]}; null for what is not given. */
    static Object slice(Object value, Object start, Object stop, Object step) {
        if (Values.isText(value)) {
            String part = slice(PythonStrings.characters(Text.of(value)), start, stop, step).stream()
                    .map(Text::of)
                    .collect(Collectors.joining());
            return SafeText.like(value, part);
        }
        if (value instanceof List<?> list) {
            return slice(list, start, stop, step);
        }
        throw Values.unusable(value, "cannot be sliced");
    }

    private static List<?> slice(List<?> items, Object start, Object stop, Object step) {
        int size = items.size();
        long by = step == null ? 1 : Math.max(-size - 1L, Math.min(size + 1L, Values.integer(step, "a slice's step")));
        if (by == 0) {
            throw new Fault("a slice's step cannot be zero");
        }
        long lowest = by > 0 ? 0 : -1;
        long highest = by > 0 ? size : size - 1L;
        long from = start == null ? (by > 0 ? lowest : highest) : clamp(start, size, lowest, highest);
        long to = stop == null ? (by > 0 ? highest : lowest) : clamp(stop, size, lowest, highest);
        if (items instanceof Range range) {
            return range.slice(from, to, by);
        }
        List<Object> part = new ArrayList<>();
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            part.add(items.get((int) i));
        }
        return items instanceof Tuple ? new Tuple(part.toArray()) : part;
    }

    private static long clamp(Object value, int size, long lowest, long highest) {
        long bound = Values.integer(value, "a slice's bound");
        return Math.max(lowest, Math.min(highest, bound < 0 ? bound + size : bound));
    }
}
