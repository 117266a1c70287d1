package io.trainer4j.train;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How large a batch is.
 *
 * @param rows number of rows
 * @param length tokens of its longest row
 * @param tokens positions that are computed: without padding where the model needs none, else rows times length
 */
record BatchShape(int rows, int length, long tokens) {
    /** The batch that costs most memory. */
    static final Comparator<BatchShape> BY_TOKENS = Comparator.comparingLong(BatchShape::tokens);

    /**
     * The shape of a batch of some rows.
     *
     * @param lengths tokens of each row of the data set
     * @param paddingFree whether rows are computed one after another, without padding
     */
    static BatchShape of(int[] rows, int[] lengths, boolean paddingFree) {
        int longest = Arrays.stream(rows).map(row -> lengths[row]).max().orElse(0);
        long sum = Arrays.stream(rows).mapToLong(row -> lengths[row]).sum();
        return new BatchShape(rows.length, longest, paddingFree ? sum : (long) rows.length * longest);
    }

    /** Tokens of all batches together. */
    static long tokens(List<int[]> batches, int[] lengths, boolean paddingFree) {
        return batches.stream()
                .mapToLong(batch -> of(batch, lengths, paddingFree).tokens)
                .sum();
    }

    /** The same batch, of whose positions so many are computed. */
    BatchShape withTokens(long computed) {
        return new BatchShape(rows, length, computed);
    }

    /** About the longest batch of {@code other} rows, where this is that of {@link #rows}. */
    BatchShape ofRows(int other) {
        return new BatchShape(other, length, Math.min((long) other * length, (tokens * other + rows - 1) / rows));
    }
}
