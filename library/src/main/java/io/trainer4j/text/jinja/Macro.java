package io.trainer4j.text.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A macro with the variables of the place where it is defined.
 *
 * @param home sees the variables the body may read, with their values at the time of the call
 */
record Macro(Definition definition, Frame home) implements Callable {
    record Parameter(String name, Optional<Expression> standard) {}

    /**
     * A macro as written.
     *
     * @param extras those of {@code varargs}, {@code kwargs} and {@code caller} that the body names and thereby accepts
     */
    record Definition(String name, List<Parameter> parameters, List<Statement> body, Set<String> extras, int at) {}

    @Override
    public Object call(Arguments arguments, Rendering rendering) {
        rendering.enter();
        Frame frame = home.child();
        List<Object> positional = arguments.positional();
        Map<String, Object> named = new LinkedHashMap<>(arguments.named());
        List<Parameter> parameters = definition.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            frame.set(parameter.name(), value(parameter, i, positional, named, frame));
        }
        if (accepts("caller") && named.containsKey("caller")) {
            frame.set("caller", named.remove("caller"));
        }
        boolean tooMany = positional.size() > parameters.size();
        if (accepts("varargs")) {
            frame.set(
                    "varargs",
                    new Tuple(arguments.rest(parameters.size()).positional().toArray()));
        }
        if (accepts("kwargs")) {
            frame.set("kwargs", named);
        }
        if ((tooMany && !accepts("varargs")) || (!named.isEmpty() && !accepts("kwargs"))) {
            throw new Fault("the macro " + definition.name() + " is called with arguments it does not have");
        }
        String text = Statement.text(definition.body(), frame);
        rendering.leave();
        return text;
    }

    private boolean accepts(String extra) {
        return definition.extras().contains(extra);
    }

    private Object value(
            Parameter parameter, int index, List<Object> positional, Map<String, Object> named, Frame frame) {
        if (index < positional.size()) {
            return positional.get(index);
        }
        if (named.containsKey(parameter.name())) {
            return named.remove(parameter.name());
        }
        return parameter.standard().isPresent()
                ? parameter.standard().get().value(frame)
                : new Undefined("the parameter '" + parameter.name() + "' of the macro " + definition.name()
                        + " was not given");
    }
}
