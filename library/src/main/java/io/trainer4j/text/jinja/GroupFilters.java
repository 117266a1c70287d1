package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters that make lists of lists. */
final class GroupFilters {
    static final Map<String, Filters.Filter> ALL = Map.of(
            "batch",
                    (value, arguments, rendering) -> {
                        Arguments.Bound bound = arguments.bind("batch", "linecount", "fill_with?");
                        return batch(Values.list(value), bound.integer("linecount", 1), bound.get("fill_with"));
                    },
            "slice",
                    (value, arguments, rendering) -> {
                        Arguments.Bound bound = arguments.bind("slice", "slices", "fill_with?");
                        return slice(Values.list(value), bound.integer("slices", 1), bound.get("fill_with"));
                    },
            "groupby",
                    (value, arguments, rendering) -> group(
                            Values.list(value), arguments.bind("groupby", "attribute", "default?", "case_sensitive?")));

    private GroupFilters() {}

    /** Lists of a size, the last one filled up to it where there is a filling. */
    private static Object batch(List<Object> items, long size, Object fill) {
        List<Object> batches = new ArrayList<>();
        List<Object> batch = new ArrayList<>();
        // As Jinja: a list is complete when it has this very size, which none has where the size is negative.
        for (Object item : items) {
            if (batch.size() == size) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(item);
        }
        Budget.room(fill == null ? 0 : size);
        while (fill != null && !batch.isEmpty() && batch.size() < size) {
            batch.add(fill);
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return Values.Generated.of(batches);
    }

    /** A number of lists; the first ones have one item more where they cannot be of one size. */
    private static Object slice(List<Object> items, long count, Object fill) {
        if (count == 0) {
            throw new Fault("a number is divided by zero");
        }
        Budget.room(count);
        List<Object> slices = new ArrayList<>();
        int from = 0;
        for (long i = 0; i < count; i++) {
            boolean isLarger = i < items.size() % count;
            int to = (int) (from + items.size() / count + (isLarger ? 1 : 0));
            List<Object> slice = new ArrayList<>(items.subList(from, to));
            if (fill != null && !isLarger) {
                slice.add(fill);
            }
            slices.add(slice);
            from = to;
        }
        return Values.Generated.of(slices);
    }

    private static Object group(List<Object> items, Arguments.Bound bound) {
        boolean caseSensitive = bound.flag("case_sensitive");
        SequenceFilters.Key key = item -> SequenceFilters.folded(
                SequenceFilters.attribute(item, bound.get("attribute"), bound.get("default")), caseSensitive);
        List<Object> groups = new ArrayList<>();
        Object groupKey = null;
        List<Object> group = List.of();
        for (Object item : SequenceFilters.sorted(items, false, key)) {
            if (group.isEmpty() || !Operators.equal(groupKey, key.of(item))) {
                groupKey = key.of(item);
                group = new ArrayList<>();
                // The name is the first item's as it is written there.
                groups.add(new Group(
                        SequenceFilters.attribute(item, bound.get("attribute"), bound.get("default")), group));
            }
            group.add(item);
        }
        return groups;
    }
}
