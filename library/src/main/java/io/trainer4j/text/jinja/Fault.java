package io.trainer4j.text.jinja;

/** What is wrong with a template or with what it does; the innermost expression or statement adds where. */
final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int NOWHERE = -1;

    private final int at;

    /**
     * @param message part of a sentence, without a full stop
     */
    Fault(String message) {
        this(message, NOWHERE);
    }

    /**
     * @param at offset in the template
     */
    Fault(String message, int at) {
        super(message);
        this.at = at;
    }

    /** This fault with a position, unless it has one. */
    Fault at(int offset) {
        return at == NOWHERE ? new Fault(getMessage(), offset) : this;
    }

    int at() {
        return at;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
