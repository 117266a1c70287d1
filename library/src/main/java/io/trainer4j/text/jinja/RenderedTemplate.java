package io.trainer4j.text.jinja;

import java.util.List;

/**
 * What a template wrote.
 *
 * @param generated what stood in {@code {% generation %}} blocks, in the order in which the blocks ended
 */
public record RenderedTemplate(String text, List<Span> generated) {
    /** Copies the list. */
    public RenderedTemplate {
        generated = List.copyOf(generated);
    }

    /**
     * A part of the text.
     *
     * @param start index of the first {@code char}
     * @param end index behind the last {@code char}
     */
    public record Span(int start, int end) {}
}
