package io.trainer4j.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Named columns of equal length, in order: what {@link Dataset#map} returns for a batch of rows. */
@FunctionalInterface
public interface Columns {
    /** Column name to its values, one per row. Token columns hold {@code int[]}, the rest strings or boxed numbers. */
    Map<String, ? extends List<?>> columns();

    /** One column. */
    static Columns of(String name, List<?> values) {
        return () -> Collections.singletonMap(name, values);
    }

    /** These columns and one more after them; a column of the same name is replaced. */
    default Columns and(String name, List<?> values) {
        Map<String, List<?>> all = new LinkedHashMap<>(columns());
        all.put(name, values);
        return () -> all;
    }
}
