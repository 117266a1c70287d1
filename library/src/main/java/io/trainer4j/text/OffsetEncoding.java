package io.trainer4j.text;

import io.trainer4j.text.jinja.RenderedTemplate.Span;
import java.util.List;

/**
 * The tokens of one text with their places in it.
 *
 * @param starts index of each token's first {@code char}
 * @param ends index behind each token's last {@code char}
 */
record OffsetEncoding(int[] ids, int[] starts, int[] ends) {
    /** Whether each token lies at least partly in one of some parts of the text. */
    boolean[] within(List<Span> parts) {
        boolean[] within = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
            int start = starts[i];
            int end = ends[i];
            within[i] = parts.stream().anyMatch(part -> start < part.end() && end > part.start());
        }
        return within;
    }
}
