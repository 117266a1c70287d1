package io.trainer4j.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The memory that rows of a {@link StoredMatrix} are decoded into, a few MB at a time. One per model: what it gave is
 * overwritten by the next block. Not thread-safe.
 */
public final class RowBlocks implements AutoCloseable {
    /** Values of a block: 8 MiB in 32-bit floats. */
    static final long VALUES = 1 << 21;

    private Tensor buffer;

    /** What is done with a block of rows. */
    @FunctionalInterface
    public interface Action {
        /**
         * Takes one block.
         *
         * @param from its first row
         * @param rows float32, {@code [n, columns]}, overwritten when the action has returned
         */
        void accept(long from, Tensor rows);
    }

    /** A range of rows. */
    @FunctionalInterface
    interface Range {
        void accept(long from, long count);
    }

    /** Cuts rows into ranges of at most 8 MiB in 32-bit floats, or of one step where that is more. */
    static void cut(long rows, long columns, long step, Range action) {
        long count = Math.max(step, VALUES / columns / step * step);
        for (long from = 0; from < rows; from += count) {
            try (Scope scope = Scope.open()) {
                action.accept(from, Math.min(count, rows - from));
            }
        }
    }

    /** Decodes all rows of a matrix, block by block from the first. */
    public void forEach(StoredMatrix matrix, Action action) {
        cut(matrix.rows(), matrix.columns(), matrix.rowStep(), (from, count) -> {
            Tensor rows = room(count * matrix.columns(), matrix.device()).view(count, matrix.columns());
            matrix.decode(from, rows);
            action.accept(from, rows);
        });
    }

    private Tensor room(long values, Device device) {
        if (buffer == null || buffer.numel() < values) {
            close();
            buffer = Scope.own(device.putNew(TensorData.empty(ScalarType.Float, Math.max(VALUES, values))));
        }
        return buffer.narrow(0, 0, values);
    }

    /** Memory held at the moment. */
    public long bytes() {
        return buffer == null ? 0 : buffer.nbytes();
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffer.close();
            buffer = null;
        }
    }
}
