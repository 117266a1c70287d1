package io.trainer4j.search;

import io.trainer4j.UsageException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a search may vary.
 *
 * @param dimensions by option name as in files ({@code learning_rate}), in the order they are drawn
 */
public record SearchSpace(Map<String, Dimension> dimensions) {
    /** Copies the dimensions. */
    public SearchSpace {
        dimensions = Collections.unmodifiableMap(new LinkedHashMap<>(dimensions));
    }

    /**
     * Reads texts such as {@code learning_rate=loguniform:1e-5,1e-3}.
     *
     * @throws UsageException for a text that is none, or an option named twice
     */
    public static SearchSpace parse(List<String> texts) {
        Map<String, Dimension> dimensions = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            String name = text.substring(0, Math.max(0, equals))
                    .strip()
                    .replaceFirst("^--", "")
                    .replace('-', '_');
            if (name.isEmpty()) {
                throw new UsageException("The search space \"" + text
                        + "\" has no name; write it like learning_rate=loguniform:1e-5,1e-3.");
            }
            Dimension dimension =
                    Dimension.parse(name, text.substring(equals + 1).strip());
            if (dimensions.put(name, dimension) != null) {
                throw new UsageException("The search space names " + name + " twice; remove one of them.");
            }
        }
        return new SearchSpace(dimensions);
    }
}
