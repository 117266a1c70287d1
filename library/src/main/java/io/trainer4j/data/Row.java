package io.trainer4j.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One row of a {@link Dataset}: a value or null in each column.
 *
 * <p>Every getter throws {@link io.trainer4j.UsageException} when the column does not exist, with the name that was
 * probably meant, or when its cell cannot be read as the type asked for. Text of a CSV file is converted.
 */
public final class Row {
    private final Batch batch;
    private final int index;

    Row(Batch batch, int index) {
        this.batch = batch;
        this.index = index;
    }

    /** Column names in order. */
    public List<String> columnNames() {
        return batch.columnNames();
    }

    /** The value as it is held; null for an empty cell. */
    public Object get(String column) {
        return batch.column(column).get(index);
    }

    /** Whether the cell is empty. */
    public boolean isNull(String column) {
        return get(column) == null;
    }

    /** Text, or a number or truth value written as text; null for an empty cell. */
    public String getString(String column) {
        return Cell.toText(column, get(column));
    }

    /** A whole number, or text that is one. */
    public long getLong(String column) {
        return Cell.toLong(column, get(column));
    }

    /** A number, or text that is one. */
    public double getDouble(String column) {
        return Cell.toDouble(column, get(column));
    }

    /** True or false, or text that says so in any case. */
    public boolean getBoolean(String column) {
        return Cell.toBoolean(column, get(column));
    }

    /** Token ids: an {@code int[]} or a list of whole numbers; must not be written to. */
    public int[] getInts(String column) {
        return Cell.toInts(column, get(column));
    }

    /** All cells in column order, nulls included. */
    public Map<String, Object> toMap() {
        Map<String, Object> cells = new LinkedHashMap<>();
        batch.columns().forEach((name, values) -> cells.put(name, values.get(index)));
        return Collections.unmodifiableMap(cells);
    }
}
