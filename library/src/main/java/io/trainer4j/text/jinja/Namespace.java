package io.trainer4j.text.jinja;

import java.util.Map;

/** What {@code namespace()} makes: attributes that inner blocks can set. */
record Namespace(Map<Object, Object> attributes) {
    static Namespace of(Arguments arguments) {
        return new Namespace(Values.map(arguments, "namespace"));
    }

    /** A namespace is the same as another one only if it is that one. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
