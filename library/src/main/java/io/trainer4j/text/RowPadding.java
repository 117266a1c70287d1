package io.trainer4j.text;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Brings rows to a length.
 *
 * @param length tokens per row at least; 0 leaves rows as they are
 */
record RowPadding(int length, Side side, int padTokenId) {
    List<int[]> pad(List<EncodedRow> rows, Function<EncodedRow, int[]> column, int padValue) {
        return rows.stream().map(row -> pad(column.apply(row), padValue)).toList();
    }

    private int[] pad(int[] values, int padValue) {
        int missing = Math.max(0, length - values.length);
        int start = side == Side.LEFT ? missing : 0;
        int[] padded = new int[values.length + missing];
        Arrays.fill(padded, padValue);
        System.arraycopy(values, 0, padded, start, values.length);
        return padded;
    }
}
