package io.trainer4j.data;

import io.trainer4j.UsageException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Computed rows on their way to a dataset of their own: in memory until their cells take too much, from then on in temporary
 * files. Cells that mapped functions took over as they were stay where they are.
 */
final class KeptRows {
    private final long mostInMemory;
    private final Map<String, List<Object>> computed = new LinkedHashMap<>();
    private final Map<String, List<?>> takenOver = new LinkedHashMap<>();
    private List<String> names;
    private Batch batch;
    private int[] places = new int[1024];
    private int size;
    private long bytes;

    /**
     * No rows yet.
     *
     * @param mostInMemory bytes of computed cells up to which they are kept in memory
     */
    KeptRows(long mostInMemory) {
        this.mostInMemory = mostInMemory;
    }

    /**
     * Begins the next batch.
     *
     * @throws UsageException if it has other columns than those before it
     */
    void begin(Batch next) {
        batch = next;
        if (names == null) {
            names = next.columnNames();
            next.columns().forEach(this::begin);
        } else if (!names.equals(next.columnNames())) {
            throw new UsageException("Mapped functions returned the columns " + String.join(", ", names)
                    + " for some rows and " + String.join(", ", next.columnNames())
                    + " for others; return the same columns for every row.");
        }
        next.columns().forEach((name, cells) -> {
            if (takenOver.containsKey(name) && takenOver.get(name) != origin(cells)) {
                compute(name);
            }
        });
    }

    private void begin(String name, List<?> cells) {
        if (origin(cells) == null) {
            computed.put(name, new ArrayList<>());
        } else {
            takenOver.put(name, origin(cells));
        }
    }

    /**
     * Appends a row of the batch.
     *
     * @param place of its cells in the columns that the dataset held before anything was computed
     */
    void add(int row, int place) {
        computed.forEach((name, cells) -> {
            Object cell = batch.columns().get(name).get(row);
            bytes += bytes(cell);
            cells.add(cell);
        });
        if (size == places.length) {
            places = Arrays.copyOf(places, 2 * size);
        }
        places[size++] = place;
        if (bytes > mostInMemory) {
            computed.replaceAll((name, cells) -> cells instanceof DiskColumn ? cells : onDisk(cells));
        }
    }

    private static List<Object> onDisk(List<?> cells) {
        List<Object> column = new DiskColumn();
        column.addAll(cells);
        return column;
    }

    /** The column that cells were taken over from; null where they were computed. */
    private static List<?> origin(List<?> cells) {
        return cells instanceof ChosenCells chosen ? chosen.column() : null;
    }

    /** From now on this column's cells are kept as computed ones are, since a function did not take over all. */
    private void compute(String name) {
        List<?> column = takenOver.remove(name);
        computed.put(name, onDisk(new View(column, Arrays.copyOf(places, size))));
    }

    /** About what a cell takes. */
    private static long bytes(Object cell) {
        return cell instanceof int[] ids
                ? (long) ids.length * Integer.BYTES
                : (long) String.valueOf(cell).length() * Character.BYTES;
    }

    /** The columns in order. */
    Map<String, List<?>> columns() {
        int[] chosen = Arrays.copyOf(places, size);
        Map<String, List<?>> columns = new LinkedHashMap<>();
        for (String name : names) {
            columns.put(name, takenOver.containsKey(name) ? new View(takenOver.get(name), chosen) : computed.get(name));
        }
        return columns;
    }

    /** The kept rows' part of a column. */
    private static final class View extends AbstractList<Object> {
        private final List<?> column;
        private final int[] places;

        View(List<?> column, int... places) {
            this.column = column;
            this.places = places;
        }

        @Override
        public int size() {
            return places.length;
        }

        @Override
        public Object get(int index) {
            return column.get(places[index]);
        }
    }
}
