package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Predicate;

/**
 * What Python knows of every value. A value is {@code null} (None), a Boolean, Long, Double, String, {@link SafeText}, List
 * (a {@link Tuple} and a {@link Range} among them), {@link View}, {@link Generated}, Map, {@link Namespace}, {@link LoopState},
 * {@link Callable} or {@link Undefined}.
 */
final class Values {
    private Values() {}

    /** The keys, values or items of a dict: sized, but without positions. */
    record View(String name, List<Object> items) implements Iterable<Object> {
        @Override
        public Iterator<Object> iterator() {
            return items.iterator();
        }
    }

    /** Items that can be read once; true as a condition even where there are none. */
    record Generated(Iterator<Object> iterator) implements Iterable<Object> {
        static Generated of(Collection<Object> items) {
            return new Generated(items.iterator());
        }
    }

    static boolean truth(Object value) {
        if (value instanceof Boolean condition) {
            return condition;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof View view) {
            return !view.items().isEmpty();
        }
        if (isText(value)) {
            return !Text.of(value).isEmpty();
        }
        return value != null && !(value instanceof Undefined);
    }

    static boolean isText(Object value) {
        return value instanceof String || value instanceof SafeText;
    }

    /** The items of anything that can be looped over; of a string its characters, of a dict its keys. */
    @SuppressWarnings("unchecked")
    static Iterable<Object> iterate(Object value) {
        if (value instanceof Iterable<?> items) {
            return (Iterable<Object>) items;
        }
        if (value instanceof Map<?, ?> map) {
            return (Iterable<Object>) map.keySet();
        }
        if (isText(value)) {
            return PythonStrings.characters(Text.of(value));
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw unusable(value, "cannot be iterated");
    }

    static List<Object> list(Object value) {
        List<Object> items = new ArrayList<>();
        for (Object item : iterate(value)) {
            items.add(item);
            Budget.room(items.size());
        }
        return items;
    }

    /** Only those items that fulfil a condition, which is asked as late as possible. */
    static Iterator<Object> select(Iterator<Object> all, Predicate<Object> condition) {
        return new Iterator<>() {
            private final List<Object> found = new ArrayList<>(1);

            @Override
            public boolean hasNext() {
                while (found.isEmpty() && all.hasNext()) {
                    Object item = all.next();
                    if (condition.test(item)) {
                        found.add(item);
                    }
                }
                return !found.isEmpty();
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return found.remove(0);
            }
        };
    }

    static long length(Object value) {
        if (isText(value)) {
            String text = Text.of(value);
            return text.codePointCount(0, text.length());
        }
        if (value instanceof Collection<?> items) {
            return items.size();
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof View view) {
            return view.items().size();
        }
        if (value instanceof LoopState loop) {
            return (Long) loop.attribute("length");
        }
        if (value instanceof Undefined) {
            return 0;
        }
        throw unusable(value, "has no length");
    }

    /** A value as the key of a dict. */
    static Object key(Object value) {
        if (value instanceof SafeText safe) {
            return safe.text();
        }
        if (!isKey(value)) {
            throw unusable(value, "cannot be a key");
        }
        return value;
    }

    static boolean isKey(Object value) {
        if (value instanceof Tuple tuple) {
            return tuple.stream().allMatch(Values::isKey);
        }
        return !(value instanceof Map) && (!(value instanceof List) || value instanceof Range);
    }

    /** The same for all keys that equal each other. */
    static Object canonical(Object key) {
        if (key instanceof Tuple tuple) {
            return new Tuple(tuple.stream().map(Values::canonical).toArray());
        }
        if (key instanceof Double number) {
            return number == Math.rint(number) && Math.abs(number) < 0x1p63 ? (Object) number.longValue() : number;
        }
        return key instanceof Undefined
                ? Undefined.class
                : Numbers.isInteger(key) ? (Object) integer(key, "a key") : key;
    }

    /** An integer; true and false count as 1 and 0. */
    static long integer(Object value, String what) {
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof Boolean condition) {
            return condition ? 1 : 0;
        }
        throw unusable(value, "cannot be " + what);
    }

    static String string(Object value, String what) {
        if (isText(value)) {
            return Text.of(value);
        }
        throw unusable(value, "cannot be " + what);
    }

    /** What {@code dict()} and {@code namespace()} are called with. */
    static Map<Object, Object> map(Arguments arguments, String function) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (arguments.positional().size() > 1) {
            throw new Fault(function + " takes one positional argument at most");
        }
        for (Object given : arguments.positional()) {
            if (given instanceof Map<?, ?> entries) {
                map.putAll(entries);
            } else {
                for (Object entry : iterate(given)) {
                    List<Object> pair = list(entry);
                    if (pair.size() != 2) {
                        throw new Fault(function + " needs pairs of a key and a value");
                    }
                    map.put(MapMethods.held(map, key(pair.get(0))), pair.get(1));
                }
            }
        }
        map.putAll(arguments.named());
        return map;
    }

    /** The name of a value's type in Python. */
    static String type(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Long) {
            return "int";
        }
        if (value instanceof Double) {
            return "float";
        }
        if (isText(value)) {
            return "str";
        }
        if (value instanceof Tuple) {
            return "tuple";
        }
        if (value instanceof Range) {
            return "range";
        }
        if (value instanceof List) {
            return "list";
        }
        if (value instanceof Map) {
            return "dict";
        }
        if (value instanceof View view) {
            return view.name();
        }
        if (value instanceof Generated) {
            return "generator";
        }
        if (value instanceof LoopState) {
            return "loop";
        }
        return value instanceof Callable
                ? "function"
                : value.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    /** The fault of a value that does not fit where it stands. */
    static Fault unusable(Object value, String problem) {
        return value instanceof Undefined undefined
                ? undefined.fault()
                : new Fault("a value of type " + type(value) + " " + problem);
    }
}
