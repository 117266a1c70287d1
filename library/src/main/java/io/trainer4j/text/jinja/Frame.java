package io.trainer4j.text.jinja;

import java.util.HashMap;
import java.util.Map;

/** The variables of a block; those of the blocks around it can be read and not changed. */
final class Frame {
    private final Frame parent;
    private final Rendering rendering;
    private final Map<String, Object> variables;

    private Frame(Frame parent, Rendering rendering, Map<String, Object> variables) {
        this.parent = parent;
        this.rendering = rendering;
        this.variables = variables;
    }

    /** The outermost frame, which sees the values a template is given. */
    static Frame of(Map<String, Object> given, Rendering rendering) {
        return new Frame(null, rendering, given).child();
    }

    Frame child() {
        return new Frame(this, rendering, new HashMap<>());
    }

    Rendering rendering() {
        return rendering;
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }

    Object lookup(String name) {
        for (Frame frame = this; frame != null; frame = frame.parent) {
            Object value = frame.variables.get(name);
            if (value != null || frame.variables.containsKey(name)) {
                return value;
            }
        }
        return Undefined.variable(name);
    }
}
