package io.trainer4j.text.jinja;

/** How a statement ended. */
enum Flow {
    NEXT,
    BREAK,
    CONTINUE
}
