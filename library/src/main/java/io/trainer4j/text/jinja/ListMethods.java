package io.trainer4j.text.jinja;

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
                (Callable) (arguments, rendering) -> {
                    Object item = arguments.bind(name, "value").get("value");
                    for (int i = 0; i < list.size(); i++) {
                        if (Operators.equal(list.get(i), item)) {
                            return (long) i;
                        }
                    }
                    throw new Fault("the list does not hold the value whose index is asked for");
                };
            case "copy" ->
                list instanceof Tuple
                        ? Undefined.member(list, name)
                        : (Callable) (arguments, rendering) -> new java.util.ArrayList<Object>(list);
            default -> Undefined.member(list, name);
        };
    }
}
