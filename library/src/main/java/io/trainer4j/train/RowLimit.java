package io.trainer4j.train;

import io.trainer4j.tensor.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many rows go through the model at once: a whole batch, or less once memory has run out with {@code
 * auto_find_batch_size}. Only the parts get smaller; the rows of a step, or of an evaluation batch, stay the same.
 */
final class RowLimit {
    private final boolean halves;
    private int rows;

    /**
     * @param rows to begin with
     * @param halves whether the limit gives way, as {@code auto_find_batch_size} asks
     */
    RowLimit(int rows, boolean halves) {
        this.rows = rows;
        this.halves = halves;
    }

    int rows() {
        return rows;
    }

    /** The batch in order, cut into parts within the limit. */
    List<int[]> parts(int[] batch) {
        List<int[]> parts = new ArrayList<>();
        for (int from = 0; from < batch.length; from += rows) {
            parts.add(Arrays.copyOfRange(batch, from, Math.min(batch.length, from + rows)));
        }
        return parts;
    }

    /**
     * Halves the limit after a failure.
     *
     * @param failed rows that were too many
     * @return whether another try makes sense: memory was what lacked, and the limit could be lowered
     */
    boolean halveAfter(Throwable error, int failed) {
        if (!halves || failed < 2 || !Engine.isOutOfMemory(error)) {
            return false;
        }
        rows = (failed + 1) / 2;
        return true;
    }
}
