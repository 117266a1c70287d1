package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The methods of a dict that do not change it. */
final class MapMethods {
    private MapMethods() {}

    static Object find(Map<?, ?> map, String name) {
        return switch (name) {
            case "get" ->
                (Callable) (arguments, rendering) -> {
                    Arguments.Bound bound = arguments.bind("get", "key", "default?");
                    Object key = held(map, Values.key(bound.get("key")));
                    return map.containsKey(key) ? map.get(key) : bound.get("default");
                };
            case "items" -> none(name, () -> new Values.View("dict_items", items(map)));
            case "keys" -> none(name, () -> new Values.View("dict_keys", new ArrayList<>(map.keySet())));
            case "values" -> none(name, () -> new Values.View("dict_values", new ArrayList<>(map.values())));
            case "copy" -> none(name, () -> new LinkedHashMap<Object, Object>(map));
            default -> Undefined.member(map, name);
        };
    }

    /** The key of a map that equals a key: of numbers also one of another type. The same key if there is none. */
    static Object held(Map<?, ?> map, Object key) {
        if (!Numbers.isNumber(key) || map.containsKey(key)) {
            return key;
        }
        for (Object other : new Object[] {asInteger(key), Numbers.real(key), Numbers.real(key) != 0}) {
            if (map.containsKey(other) && Operators.equal(other, key)) {
                return other;
            }
        }
        return key;
    }

    private static Object asInteger(Object number) {
        return number instanceof Double real ? (Object) real.longValue() : (Object) Values.integer(number, "a key");
    }

    static List<Object> items(Map<?, ?> map) {
        List<Object> items = new ArrayList<>(map.size());
        map.forEach((key, value) -> items.add(new Tuple(key, value)));
        return items;
    }

    private static Callable none(String name, java.util.function.Supplier<Object> result) {
        return (arguments, rendering) -> {
            arguments.bind(name);
            return result.get();
        };
    }
}
