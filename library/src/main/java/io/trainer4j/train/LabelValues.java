package io.trainer4j.train;

import io.trainer4j.UsageException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The cell of a label column as numbers, one for each label. */
final class LabelValues {
    private LabelValues() {}

    /**
     * Reads a number, a text that spells one, or a list of them.
     *
     * @throws UsageException naming the column and the cell
     */
    static float[] of(String column, Object cell) {
        if (cell instanceof float[] values) {
            return values;
        }
        List<?> list = cell instanceof int[] ids
                ? Arrays.stream(ids).boxed().toList()
                : cell instanceof List<?> values ? values : Collections.singletonList(cell);
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(column, list.get(i));
        }
        return values;
    }

    private static float number(String column, Object value) {
        try {
            return Float.parseFloat(String.valueOf(value));
        } catch (NumberFormatException e) {
            throw new UsageException("Column \"" + column + "\" holds \"" + value
                    + "\" where a number is needed; give one number, or a list of numbers, per row.");
        }
    }
}
