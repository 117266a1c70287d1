package io.trainer4j.text.jinja;

import io.trainer4j.text.jinja.Values.Generated;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters that apply a test or another filter to every item; they work on an item when it is asked for. */
final class SelectionFilters {
    static final Map<String, Filters.Filter> ALL = Map.of(
            "select", (value, arguments, rendering) -> select(value, arguments, false, true),
            "reject", (value, arguments, rendering) -> select(value, arguments, false, false),
            "selectattr", (value, arguments, rendering) -> select(value, arguments, true, true),
            "rejectattr", (value, arguments, rendering) -> select(value, arguments, true, false),
            "map", SelectionFilters::map);

    private SelectionFilters() {}

    private static Object select(Object value, Arguments arguments, boolean byAttribute, boolean wanted) {
        List<Object> given = arguments.positional();
        if (byAttribute && given.isEmpty()) {
            throw new Fault("the filter is called without the name of an attribute");
        }
        Object attribute = byAttribute ? given.get(0) : null;
        int used = byAttribute ? 1 : 0;
        String test = given.size() > used ? Values.string(given.get(used), "the name of a test") : null;
        Arguments rest = arguments.rest(used + 1);
        return new Generated(Values.select(items(value), item -> {
            Object tested = SequenceFilters.attribute(item, attribute);
            return (test == null ? Values.truth(tested) : Tests.apply(test, tested, rest)) == wanted;
        }));
    }

    private static Object map(Object value, Arguments arguments, Rendering rendering) {
        if (arguments.positional().isEmpty()) {
            Arguments.Bound bound = arguments.bind("map without a filter", "attribute", "default?");
            return SequenceFilters.map(() -> items(value), bound.get("attribute"), bound.get("default"));
        }
        String filter = Values.string(arguments.positional().get(0), "the name of a filter");
        List<Object> mapped = new ArrayList<>();
        items(value).forEachRemaining(item -> mapped.add(Filters.apply(filter, item, arguments.rest(1), rendering)));
        return Generated.of(mapped);
    }

    /** None and other false values count as empty. */
    private static Iterator<Object> items(Object value) {
        return Values.truth(value) ? Values.iterate(value).iterator() : Collections.emptyIterator();
    }
}
