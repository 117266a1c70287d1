package io.trainer4j.text.jinja;

/** A value that can be called. */
@FunctionalInterface
interface Callable {
    Object call(Arguments arguments, Rendering rendering);
}
