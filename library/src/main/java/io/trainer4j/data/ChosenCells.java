package io.trainer4j.data;

import java.util.AbstractList;
import java.util.List;

/**
 * Some cells of a column, all of them read and kept when the first is asked for, so that columns nobody looks at cost
 * nothing.
 */
final class ChosenCells extends AbstractList<Object> {
    private final List<?> column;
    private final int[] places;
    private volatile Object[] cells;

    /**
     * Takes ownership of the array.
     *
     * @param column immutable from now on
     * @param places of the cells in it, all within
     */
    ChosenCells(List<?> column, int... places) {
        this.column = column;
        this.places = places;
    }

    /** Where the cells come from. */
    List<?> column() {
        return column;
    }

    @Override
    public int size() {
        return places.length;
    }

    @Override
    public Object get(int index) {
        Object[] read = cells;
        if (read == null) {
            read = new Object[places.length];
            for (int i = 0; i < read.length; i++) {
                read[i] = column.get(places[i]);
            }
            cells = read;
        }
        return read[index];
    }
}
