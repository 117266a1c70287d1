package io.trainer4j.tensor;

import org.bytedeco.pytorch.Tensor;

/**
 * A matrix {@code [rows, columns]} that is kept in fewer than 32 bits a value and read back a few rows at a time. It owns
 * its memory and never changes.
 */
public sealed interface StoredMatrix extends AutoCloseable permits HalfMatrix, GroupedMatrix, NormalFloatMatrix {
    /** Number of rows. */
    long rows();

    /** Number of columns. */
    long columns();

    /** Where it lies; only a {@link HalfMatrix} lies elsewhere than on the CPU. */
    default Device device() {
        return Device.CPU;
    }

    /** Memory it takes. */
    long bytes();

    /** What the number of a first row must be a multiple of, where rows are decoded. */
    default long rowStep() {
        return 1;
    }

    /**
     * Reads rows as 32-bit floats.
     *
     * @param from the first row, a multiple of {@link #rowStep}
     * @param target float32, contiguous, {@code [n, columns]}: filled with the rows {@code from} to {@code from + n}; n is a
     *     multiple of the row step as well, or ends with the last row
     */
    void decode(long from, Tensor target);

    /**
     * Reads chosen rows as 32-bit floats.
     *
     * @param ids int64, {@code [n]}
     * @return float32, {@code [n, columns]}, belonging to the innermost open scope
     */
    Tensor gather(Tensor ids);

    @Override
    void close();
}
