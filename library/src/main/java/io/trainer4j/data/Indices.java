package io.trainer4j.data;

import io.trainer4j.UsageException;

/** The check every row number passes. */
final class Indices {
    private Indices() {}

    static int check(int index, int size) {
        if (index < 0 || index >= size) {
            String present = size == 0 ? "there are no rows." : "rows are counted from 0 to " + (size - 1) + ".";
            throw new UsageException("Row " + index + " does not exist; " + present);
        }
        return index;
    }
}
