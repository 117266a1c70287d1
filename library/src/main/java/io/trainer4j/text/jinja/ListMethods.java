package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.List;

/** The methods of a list or tuple that do not change it. */
final class ListMethods {
    private ListMethods() {}

    static Object find(List<?> list, String name) {
        return switch (name) {
            case "count" ->
                (Callable) (arguments, rendering) -> {
                    Object item = arguments.bind(name, "value").get("value");
                    return list.stream()
                            .filter(candidate -> Operators.equal(candidate, item))
                            .count();
                };
            case "index" ->
                (Callable) (arguments, rendering) -> index(list, arguments.bind(name, "value", "start?", "stop?"));
            case "copy" ->
                list instanceof Tuple || list instanceof Range
                        ? Undefined.member(list, name)
                        : (Callable) (arguments, rendering) -> {
                            arguments.bind(name);
                            return new ArrayList<Object>(list);
                        };
            default -> Undefined.member(list, name);
        };
    }

    private static long index(List<?> list, Arguments.Bound bound) {
        long start = position(bound.integer("start", 0), list.size());
        long stop = position(bound.integer("stop", list.size()), list.size());
        for (long i = start; i < Math.min(stop, list.size()); i++) {
            if (Operators.equal(list.get((int) i), bound.get("value"))) {
                return i;
            }
        }
        throw new Fault("the list does not hold the value whose index is asked for");
    }

    private static long position(long bound, int size) {
        return bound < 0 ? Math.max(0, bound + size) : bound;
    }
}
