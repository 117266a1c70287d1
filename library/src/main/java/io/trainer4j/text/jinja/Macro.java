package io.trainer4j.text.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A macro with the variables of the place where it is defined.
 *
 * @param home sees the variables the body may read, with their values at the time of the call
 */
record Macro(Definition definition, Frame home) implements Callable {
    record Parameter(String name, Optional<Expression> standard) {}

    record Definition(String name, List<Parameter> parameters, List<Statement> body, int at) {}

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
        if (named.containsKey("caller")) {
            frame.set("caller", named.remove("caller"));
        }
        if (positional.size() > parameters.size() || !named.isEmpty()) {
            throw new Fault("the macro " + definition.name() + " is called with arguments it does not have");
        }
        String text = Statement.text(definition.body(), frame);
        rendering.leave();
        return text;
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
