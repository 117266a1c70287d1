package io.trainer4j.tensor;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The product of a matrix with a single row of 32-bit floats, as generation needs one for every matrix and token. It takes
 * the time of reading the matrix from memory: the matrix is read where it lies, by all threads, and converted in registers.
 * For a {@link GroupedMatrix} the row is rounded to 8 bits, of which 32 neighbours share a scale, as ggml does for its
 * {@code Q8_0} and {@code Q4_0}: results are 0.5 % of their size off those of the exact row. Valid as long as the matrix is.
 */
public final class RowProduct {
    /** Rows of a matrix that one thread takes at a time hold about this many values. */
    private static final int VALUES_A_PIECE = 1 << 15;

    /** How a matrix lies in memory, with what its row length must be divisible by. */
    enum Format {
        FLOAT32(16, 32),
        BFLOAT16(16, 16),
        FLOAT16(16, 16),
        /** Signed bytes, 32 neighbours share a float16 scale. */
        INT8(64, 8),
        /** Two codes a byte, each plus 8, the first in the low half; 32 neighbours share a float16 scale. */
        INT4(64, 4);

        private final int columns;
        private final int bits;

        Format(int columns, int bits) {
            this.columns = columns;
            this.bits = bits;
        }

        /** Whether the row is rounded to 8 bits, as the matrix is to 8 or 4. */
        boolean isGrouped() {
            return this == INT8 || this == INT4;
        }
    }

    private final Format format;
    private final int rows;
    private final int columns;
    private final TensorMemory values;
    private final TensorMemory scales;

    private RowProduct(Format format, long rows, long columns, Tensor values, Tensor scales) {
        long bits = rows * columns * format.bits;
        if (values.nbytes() * Byte.SIZE != bits
                || (scales != null && scales.numel() * GroupedMatrix.GROUP != rows * columns)) {
            throw new IllegalArgumentException("Numbers or scales do not fill [" + rows + ", " + columns + "].");
        }
        this.format = format;
        this.rows = Math.toIntExact(rows);
        this.columns = Math.toIntExact(columns);
        this.values = TensorMemory.of(values);
        this.scales = scales == null ? null : TensorMemory.of(scales);
    }

    /** Whether this process has these products, and why, as a part of a sentence. */
    public static String reason() {
        return VectorUnit.get().reason();
    }

    /** Whether this process has these products for some matrices. */
    public static boolean isAvailable() {
        return VectorUnit.get().isPresent();
    }

    /** The product with a matrix in float32, {@code [rows, columns]}; empty where there is none for it. */
    public static Optional<RowProduct> of(Tensor matrix) {
        return matrix.scalar_type().intern() == ScalarType.Float
                ? of(Format.FLOAT32, matrix.size(0), matrix.size(1), matrix, null)
                : Optional.empty();
    }

    /** The product with a matrix in fewer bits; empty where there is none for it: NF4, rows of odd lengths. */
    public static Optional<RowProduct> of(StoredMatrix matrix) {
        if (matrix instanceof HalfMatrix half) {
            Format format = half.isBfloat16() ? Format.BFLOAT16 : Format.FLOAT16;
            return of(format, half.rows(), half.columns(), half.values(), null);
        }
        if (matrix instanceof GroupedMatrix grouped
                && grouped.scales().scalar_type().intern() == ScalarType.Half) {
            Format format = grouped.bits() == 8 ? Format.INT8 : Format.INT4;
            return of(format, grouped.rows(), grouped.columns(), grouped.codes(), grouped.scales());
        }
        return Optional.empty();
    }

    private static Optional<RowProduct> of(Format format, long rows, long columns, Tensor values, Tensor scales) {
        boolean possible = isAvailable()
                && columns % format.columns == 0
                && TensorMemory.fits(values)
                && (scales == null || TensorMemory.fits(scales));
        return possible ? Optional.of(new RowProduct(format, rows, columns, values, scales)) : Optional.empty();
    }

    /**
     * Multiplies one row with several matrices at once.
     *
     * @param x as long as the matrices' rows
     * @param y receives the results one after the other
     */
    public static void multiply(float[] x, float[] y, RowProduct... matrices) {
        VectorKernel kernel = VectorUnit.get().kernel();
        Map<Format, VectorKernel.Row> arranged = new EnumMap<>(Format.class);
        int[] ends = new int[matrices.length];
        int pieces = 0;
        int total = 0;
        for (int i = 0; i < matrices.length; i++) {
            RowProduct matrix = matrices[i];
            if (x.length < matrix.columns) {
                throw new IllegalArgumentException(x.length + " values for rows of " + matrix.columns);
            }
            arranged.computeIfAbsent(matrix.format, format -> kernel.arrange(format, x, matrix.columns));
            pieces += matrix.pieces();
            ends[i] = pieces;
            total += matrix.rows;
        }
        if (y.length < total) {
            throw new IllegalArgumentException(y.length + " places for " + total + " results");
        }
        ComputeThreads.get().run(pieces, piece -> {
            int at = 0;
            int which = 0;
            while (piece >= ends[which]) {
                at += matrices[which++].rows;
            }
            RowProduct matrix = matrices[which];
            int from = (piece - (ends[which] - matrix.pieces())) * matrix.rowsOfPiece();
            int to = Math.min(from + matrix.rowsOfPiece(), matrix.rows);
            kernel.multiply(matrix, arranged.get(matrix.format), y, at, from, to);
        });
    }

    /** {@code W x}. */
    public float[] apply(float[] x) {
        float[] y = new float[rows];
        multiply(x, y, this);
        return y;
    }

    private int rowsOfPiece() {
        return Math.max(8, VALUES_A_PIECE / columns / 8 * 8);
    }

    private int pieces() {
        return (rows + rowsOfPiece() - 1) / rowsOfPiece();
    }

    Format format() {
        return format;
    }

    /** Number of rows: the length of what comes out. */
    public int rows() {
        return rows;
    }

    /** Length of what goes in. */
    public int columns() {
        return columns;
    }

    TensorMemory values() {
        return values;
    }

    TensorMemory scales() {
        return scales;
    }
}
