package io.trainer4j.text.jinja;

import io.trainer4j.text.jinja.RenderedTemplate.Span;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** One run of a template: what it has written, what it has used up, what time it is. */
final class Rendering {
    /** Calls within calls; the thread's stack must hold them. */
    private static final int DEEPEST = 100;

    private final Clock clock;
    private final Budget budget = new Budget();
    private final StringBuilder out = new StringBuilder();
    private final List<Span> generated = new ArrayList<>();
    private int depth;

    Rendering(Clock clock) {
        this.clock = clock;
    }

    Clock clock() {
        return clock;
    }

    Budget budget() {
        return budget;
    }

    StringBuilder out() {
        return out;
    }

    /** Characters of the whole text so far. */
    int written() {
        return out.length();
    }

    void generated(int start, int length) {
        generated.add(new Span(start, start + length));
    }

    RenderedTemplate result() {
        return new RenderedTemplate(out.toString(), generated);
    }

    /** Counts a macro's call; {@link #leave()} when it is over. */
    void enter() {
        if (++depth > DEEPEST) {
            throw new Fault("macros call each other more than " + DEEPEST + " deep");
        }
    }

    void leave() {
        depth--;
    }
}
