package io.trainer4j.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of a call as written.
 *
 * @param spread {@code *list}
 * @param spreadNamed {@code **dict}
 */
record ArgumentList(
        List<Expression> positional,
        List<Map.Entry<String, Expression>> named,
        Optional<Expression> spread,
        Optional<Expression> spreadNamed) {
    static final ArgumentList NONE = new ArgumentList(List.of(), List.of(), Optional.empty(), Optional.empty());

    Arguments evaluate(Frame frame) {
        List<Object> values = new ArrayList<>();
        positional.forEach(argument -> values.add(argument.value(frame)));
        Map<String, Object> byName = new LinkedHashMap<>();
        named.forEach(entry -> byName.put(entry.getKey(), entry.getValue().value(frame)));
        spread.ifPresent(list -> Values.iterate(list.value(frame)).forEach(values::add));
        spreadNamed.ifPresent(map -> {
            if (!(map.value(frame) instanceof Map<?, ?> entries)) {
                throw new Fault("what follows ** is not a dict");
            }
            entries.forEach((name, value) -> {
                if (byName.containsKey(Values.string(name, "the name of an argument"))) {
                    throw new Fault("the argument " + Text.of(name) + " is given twice");
                }
                byName.put(Text.of(name), value);
            });
        });
        return new Arguments(values, byName);
    }
}
