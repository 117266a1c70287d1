package io.trainer4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a run will do, each decision with its reason.
 *
 * @param items in the order to be read
 */
public record RunPlan(List<Item> items) {
    /** One decision. */
    public record Item(String name, String value, String reason) {}

    /** Copies the items. */
    public RunPlan {
        items = List.copyOf(items);
    }

    /** The same plan with decisions of the caller in front. */
    public RunPlan after(List<Item> first) {
        List<Item> all = new ArrayList<>(first);
        all.addAll(items);
        return new RunPlan(all);
    }

    /** One line per decision. */
    @Override
    public String toString() {
        int width = items.stream().mapToInt(item -> item.name().length()).max().orElse(0);
        return items.stream()
                .map(item -> ("  %-" + width + "s  %s (%s)").formatted(item.name(), item.value(), item.reason()))
                .collect(Collectors.joining("\n"));
    }
}
