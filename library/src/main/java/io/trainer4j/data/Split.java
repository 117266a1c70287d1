package io.trainer4j.data;

import io.trainer4j.UsageException;
import java.util.function.IntFunction;

/**
 * How the rows of a dataset are divided into train and test, row for row as in Python.
 *
 * <p>A test size above 0 and below 1 is a share of the rows, rounded up; 1 or more is a number of rows. The test side
 * is the head of a random order of all rows and the train side the rest of it, in that order.
 */
public final class Split {
    private final double testSize;
    private final IntFunction<int[]> order;

    private Split(double testSize, IntFunction<int[]> order) {
        boolean share = testSize > 0 && testSize < 1;
        boolean count = testSize >= 1 && testSize <= Integer.MAX_VALUE && testSize == Math.rint(testSize);
        if (!share && !count) {
            throw new UsageException("Test size " + testSize
                    + " is neither a share between 0 and 1 nor a whole number of rows; give one of the two.");
        }
        this.testSize = testSize;
        this.order = order;
    }

    /**
     * The rows of {@code Dataset.train_test_split(test_size, seed=seed)} of Python datasets 5.0.
     *
     * @param testSize share or number of rows
     * @param seed 0 or more
     */
    public static Split datasets(double testSize, long seed) {
        return new Split(testSize, rows -> NumpyPermutation.of(rows, new Pcg64(seed)));
    }

    /**
     * The rows of {@code train_test_split(rows, test_size, random_state)} of scikit-learn 1.9.
     *
     * @param testSize share or number of rows
     * @param randomState 0 to 4294967295
     */
    public static Split sklearn(double testSize, long randomState) {
        return new Split(testSize, rows -> NumpyPermutation.of(rows, new Mt19937(randomState)));
    }

    /** Row numbers 0 to {@code rows - 1}: first the test side, then the train side. */
    int[] order(int rows) {
        return order.apply(rows);
    }

    /** How many of {@code rows} rows are the test side: at least one, and fewer than all. */
    int testRows(int rows) {
        double testRows = testSize < 1 ? Math.ceil(testSize * rows) : testSize;
        if (testRows >= rows) {
            throw new UsageException("Test size " + testSize + " leaves nothing to train on in a dataset of " + rows
                    + " rows; give a smaller test size or more rows.");
        }
        return (int) testRows;
    }
}
