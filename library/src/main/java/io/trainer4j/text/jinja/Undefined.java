package io.trainer4j.text.jinja;

/**
 * The value of what does not exist: empty when written or iterated, false as a condition, a fault in any other use.
 *
 * @param reason what a fault says
 */
record Undefined(String reason) {
    static Undefined variable(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined member(Object owner, Object name) {
        return new Undefined(
                name instanceof String
                        ? "a value of type " + Values.type(owner) + " has no attribute '" + name + "'"
                        : "a value of type " + Values.type(owner) + " has no element " + Text.repr(name));
    }

    Fault fault() {
        return new Fault(reason);
    }
}
