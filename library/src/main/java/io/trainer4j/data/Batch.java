package io.trainer4j.data;

import io.trainer4j.UsageException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Some rows of a {@link Dataset}, as columns: what a mapped function receives and {@link Dataset#rows} returns.
 *
 * <p>Immutable, except that token columns hold {@code int[]}, which must not be written to.
 */
public final class Batch implements Columns, Iterable<Row> {
    private final Map<String, List<?>> columns;
    private final int size;

    /** Takes ownership of the map; every list has {@code size} values. */
    Batch(Map<String, List<?>> columns, int size) {
        this.columns = Collections.unmodifiableMap(columns);
        this.size = size;
    }

    /** Number of rows. */
    public int size() {
        return size;
    }

    /** Column names in order. */
    public List<String> columnNames() {
        return List.copyOf(columns.keySet());
    }

    @Override
    public Map<String, List<?>> columns() {
        return columns;
    }

    /**
     * The values of a column, one per row, nulls included.
     *
     * @throws UsageException when the column does not exist
     */
    public List<?> column(String name) {
        ColumnNames.require(name, columns.keySet());
        return Collections.unmodifiableList(columns.get(name));
    }

    /**
     * The values of a column whose cells are all of one type or null.
     *
     * @throws UsageException when the column does not exist or a cell is of another type
     */
    public <T> List<T> column(String name, Class<T> type) {
        List<T> typed = new ArrayList<>(size);
        for (Object value : column(name)) {
            if (value != null && !type.isInstance(value)) {
                throw new UsageException("Column \"" + name + "\" holds " + Cell.describe(value) + " where "
                        + type.getSimpleName() + " is needed; convert it with map or name another column.");
            }
            typed.add(type.cast(value));
        }
        return Collections.unmodifiableList(typed);
    }

    /** The values of a column as text, nulls included; as {@link Row#getString} for each row. */
    public List<String> strings(String name) {
        List<String> texts = new ArrayList<>(size);
        for (Object value : column(name)) {
            texts.add(Cell.toText(name, value));
        }
        return Collections.unmodifiableList(texts);
    }

    /**
     * One row.
     *
     * @param index 0 to {@code size() - 1}
     */
    public Row row(int index) {
        return new Row(this, Indices.check(index, size));
    }

    @Override
    public Iterator<Row> iterator() {
        return IntStream.range(0, size).mapToObj(this::row).iterator();
    }

    /** These columns with {@code added} put in place of those of the same name or after the last. */
    Batch with(Columns added) {
        Map<String, List<?>> all = new LinkedHashMap<>(columns);
        added.columns().forEach((name, values) -> {
            if (values.size() != size) {
                throw new UsageException("The mapped function returned " + values.size() + " values for column \""
                        + name + "\" of a batch of " + size + " rows; return exactly one value per row.");
            }
            all.put(name, values);
        });
        return new Batch(all, size);
    }

    /** Only these columns, in this order. */
    Batch keep(List<String> names) {
        Map<String, List<?>> kept = new LinkedHashMap<>();
        names.forEach(name -> kept.put(name, columns.get(name)));
        return new Batch(kept, size);
    }

    /** The same columns, one of them under another name. */
    Batch rename(String from, String to) {
        Map<String, List<?>> renamed = new LinkedHashMap<>();
        columns.forEach((name, values) -> renamed.put(name.equals(from) ? to : name, values));
        return new Batch(renamed, size);
    }
}
