package io.trainer4j.data;

import java.util.List;
import java.util.Map;

/** Named columns of equal length, in order: what Dataset.map returns for a batch of rows. */
@FunctionalInterface
public interface Columns {
    /** Column name to its values, one per row. Token columns hold {@code int[]}, the rest strings or boxed numbers. */
    Map<String, ? extends List<?>> columns();
}
