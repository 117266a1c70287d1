package io.trainer4j.text.jinja;

import io.trainer4j.text.jinja.Values.Generated;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Filters over the items of lists and dicts. */
final class SequenceFilters {
    static final Map<String, Filters.Filter> ALL = Map.ofEntries(
            Map.entry("length", SequenceFilters::length),
            Map.entry("count", SequenceFilters::length),
            Map.entry("default", SequenceFilters::otherwise),
            Map.entry("d", SequenceFilters::otherwise),
            Map.entry("list", (value, arguments, rendering) -> {
                arguments.bind("list");
                return Values.list(value);
            }),
            Map.entry("first", (value, arguments, rendering) -> {
                arguments.bind("first");
                var items = Values.iterate(value).iterator();
                return items.hasNext() ? items.next() : new Undefined("there is no first item");
            }),
            Map.entry("last", (value, arguments, rendering) -> {
                arguments.bind("last");
                if (value instanceof Generated) {
                    throw Values.unusable(value, "cannot be read from its end");
                }
                List<Object> items = Values.list(value);
                return items.isEmpty() ? new Undefined("there is no last item") : items.get(items.size() - 1);
            }),
            Map.entry("reverse", (value, arguments, rendering) -> {
                arguments.bind("reverse");
                List<Object> items = Values.list(value);
                Collections.reverse(items);
                return Values.isText(value)
                        ? SafeText.like(value, TextFilters.join("", items, false))
                        : Generated.of(items);
            }),
            Map.entry("items", (value, arguments, rendering) -> {
                arguments.bind("items");
                if (value instanceof Map<?, ?> map) {
                    return Generated.of(MapMethods.items(map));
                }
                if (value instanceof Undefined) {
                    return Generated.of(List.of());
                }
                throw Values.unusable(value, "has no items");
            }),
            Map.entry(
                    "dictsort",
                    (value, arguments, rendering) ->
                            dictSort(value, arguments.bind("dictsort", "case_sensitive?", "by?", "reverse?"))),
            Map.entry("sort", (value, arguments, rendering) -> {
                Arguments.Bound bound = arguments.bind("sort", "reverse?", "case_sensitive?", "attribute?");
                List<Object> items = Values.list(value);
                boolean caseSensitive = bound.flag("case_sensitive");
                List<Object> attributes = bound.get("attribute") instanceof String names
                        ? List.of((Object[]) names.split(",", -1))
                        : Collections.singletonList(bound.get("attribute"));
                return sorted(
                        items,
                        bound.flag("reverse"),
                        item -> new Tuple(attributes.stream()
                                .map(name -> folded(attribute(item, name), caseSensitive))
                                .toArray()));
            }),
            Map.entry("unique", (value, arguments, rendering) -> {
                Arguments.Bound bound = arguments.bind("unique", "case_sensitive?", "attribute?");
                Set<Object> keys = new HashSet<>();
                return new Generated(Values.select(Values.iterate(value).iterator(), item -> {
                    Object key =
                            Values.key(folded(attribute(item, bound.get("attribute")), bound.flag("case_sensitive")));
                    rendering.budget().step();
                    return keys.add(Values.canonical(key));
                }));
            }),
            Map.entry(
                    "min",
                    (value, arguments, rendering) ->
                            extreme(value, arguments.bind("min", "case_sensitive?", "attribute?"), false)),
            Map.entry(
                    "max",
                    (value, arguments, rendering) ->
                            extreme(value, arguments.bind("max", "case_sensitive?", "attribute?"), true)),
            Map.entry("sum", (value, arguments, rendering) -> {
                Arguments.Bound bound = arguments.bind("sum", "attribute?", "start?");
                Object sum = bound.get("start", 0L);
                if (Values.isText(sum)) {
                    throw new Fault("sum does not add strings; the filter join does");
                }
                for (Object item : Values.iterate(value)) {
                    sum = Operators.apply("+", sum, attribute(item, bound.get("attribute")));
                    rendering.budget().spend(sum);
                }
                return sum;
            }),
            Map.entry(
                    "attr",
                    (value, arguments, rendering) -> value instanceof Map<?, ?> map
                            ? MapMethods.find(
                                    map, arguments.bind("attr", "name").text("name"))
                            : Members.attribute(
                                    value, arguments.bind("attr", "name").text("name"))));

    interface Key {
        Object of(Object item);
    }

    private SequenceFilters() {}

    private static Object length(Object value, Arguments arguments, Rendering rendering) {
        arguments.bind("length");
        return Values.length(value);
    }

    private static Object otherwise(Object value, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("default", "default_value?", "boolean?");
        boolean missing = value instanceof Undefined || (bound.flag("boolean") && !Values.truth(value));
        return missing ? bound.get("default_value", "") : value;
    }

    /**
     * An attribute of an item, or an attribute of an attribute where the name has dots.
     *
     * @param name null for the item itself
     */
    static Object attribute(Object item, Object name) {
        return attribute(item, name, null);
    }

    /**
     * As {@link #attribute(Object, Object)}, with a value for each name of the path that is missing.
     *
     * @param otherwise null for none
     */
    static Object attribute(Object item, Object name, Object otherwise) {
        if (!(name instanceof String path)) {
            return name == null ? item : present(Members.item(item, name), otherwise);
        }
        Object value = item;
        for (String part : path.split("\\.", -1)) {
            boolean position = !part.isEmpty() && part.chars().allMatch(Character::isDigit);
            value = present(Members.item(value, position ? (Object) Literals.integer(part, 0) : part), otherwise);
        }
        return value;
    }

    private static Object present(Object value, Object otherwise) {
        return value instanceof Undefined && otherwise != null ? otherwise : value;
    }

    /**
     * The attribute of every item.
     *
     * @param otherwise where an item lacks it; null for none
     */
    static Iterable<Object> map(Iterable<Object> items, Object attribute, Object otherwise) {
        List<Object> values = new ArrayList<>();
        for (Object item : items) {
            values.add(attribute(item, attribute, otherwise));
        }
        return Generated.of(values);
    }

    static Object folded(Object value, boolean caseSensitive) {
        return value instanceof String text && !caseSensitive ? PythonStrings.lower(text) : value;
    }

    static List<Object> sorted(List<Object> items, boolean reverse, Key key) {
        Comparator<Object> order = (a, b) -> Operators.order("<", key.of(a), key.of(b));
        try {
            items.sort(reverse ? order.reversed() : order);
        } catch (IllegalArgumentException e) {
            throw new Fault("the items have no order, as there is 'nan' among them");
        }
        return items;
    }

    private static Object dictSort(Object value, Arguments.Bound bound) {
        if (!(value instanceof Map<?, ?> map)) {
            throw Values.unusable(value, "has no items to sort");
        }
        int position = switch (Text.of(bound.get("by", "key"))) {
            case "key" -> 0;
            case "value" -> 1;
            default -> throw new Fault("dictsort sorts by 'key' or by 'value'");
        };
        return sorted(
                MapMethods.items(map),
                bound.flag("reverse"),
                item -> folded(((Tuple) item).get(position), bound.flag("case_sensitive")));
    }

    private static Object extreme(Object value, Arguments.Bound bound, boolean largest) {
        Object found = new Undefined("an empty list has no smallest and no largest item");
        Object foundKey = null;
        for (Object item : Values.iterate(value)) {
            Object key = folded(attribute(item, bound.get("attribute")), bound.flag("case_sensitive"));
            int order = foundKey == null ? 0 : Operators.order("<", key, foundKey);
            if (foundKey == null || (largest ? order > 0 : order < 0)) {
                found = item;
                foundKey = key;
            }
        }
        return found;
    }
}
