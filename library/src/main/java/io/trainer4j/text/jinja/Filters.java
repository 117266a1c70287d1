package io.trainer4j.text.jinja;

import java.util.HashMap;
import java.util.Map;

/** The filters by name. */
final class Filters {
    interface Filter {
        Object apply(Object value, Arguments arguments, Rendering rendering);
    }

    private static final Map<String, Filter> FILTERS = new HashMap<>();

    static {
        FILTERS.putAll(TextFilters.ALL);
        FILTERS.putAll(NumberFilters.ALL);
        FILTERS.putAll(SequenceFilters.ALL);
        FILTERS.putAll(SelectionFilters.ALL);
        FILTERS.putAll(GroupFilters.ALL);
        FILTERS.putAll(LayoutFilters.ALL);
    }

    private Filters() {}

    static Object apply(String name, Object value, Arguments arguments, Rendering rendering) {
        Filter filter = FILTERS.get(name);
        if (filter == null) {
            throw new Fault("there is no filter '" + name + "' in this version");
        }
        return filter.apply(value, arguments, rendering);
    }

    static boolean exists(String name) {
        return FILTERS.containsKey(name);
    }
}
