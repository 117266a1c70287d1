package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The values a function, filter or test was called with. */
record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Object... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    /** Values by parameter; an optional parameter that was not given is absent. */
    record Bound(Map<String, Object> values) {
        Object get(String parameter) {
            return values.get(parameter);
        }

        Object get(String parameter, Object otherwise) {
            return values.getOrDefault(parameter, otherwise);
        }

        boolean has(String parameter) {
            return values.containsKey(parameter);
        }

        boolean flag(String parameter) {
            return Values.truth(values.getOrDefault(parameter, false));
        }

        String text(String parameter) {
            return Values.string(values.get(parameter), "the argument " + parameter);
        }

        long integer(String parameter, long otherwise) {
            return Values.integer(values.getOrDefault(parameter, otherwise), "the argument " + parameter);
        }
    }

    /**
     * Gives the values to parameters.
     *
     * @param function for messages
     * @param parameters in order; those that end with a question mark may be left out
     */
    Bound bind(String function, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new Fault(
                    function + " takes " + parameters.length + " arguments at most and got " + positional.size());
        }
        Map<String, Object> rest = new HashMap<>(named);
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < parameters.length; i++) {
            boolean optional = parameters[i].endsWith("?");
            String name = optional ? parameters[i].substring(0, parameters[i].length() - 1) : parameters[i];
            if (i < positional.size()) {
                values.put(name, positional.get(i));
            } else if (rest.containsKey(name)) {
                values.put(name, rest.remove(name));
            } else if (!optional) {
                throw new Fault(function + " is called without its argument " + name);
            }
        }
        if (!rest.isEmpty()) {
            throw new Fault(function + " has no argument "
                    + rest.keySet().stream().sorted().findFirst().orElseThrow());
        }
        return new Bound(values);
    }

    /** These and one more. */
    Arguments with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(named);
        more.put(name, value);
        return new Arguments(positional, more);
    }

    /** These, each changed in a way. */
    Arguments map(UnaryOperator<Object> change) {
        Map<String, Object> changed = new LinkedHashMap<>(named);
        changed.replaceAll((name, value) -> change.apply(value));
        return new Arguments(new ArrayList<>(positional.stream().map(change).toList()), changed);
    }

    /** All but the first positional arguments. */
    Arguments rest(int skipped) {
        return new Arguments(positional.subList(Math.min(skipped, positional.size()), positional.size()), named);
    }
}
