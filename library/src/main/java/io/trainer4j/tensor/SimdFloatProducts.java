package io.trainer4j.tensor;

import static io.trainer4j.tensor.SimdKernel.BYTES;
import static io.trainer4j.tensor.SimdKernel.FLOATS;
import static io.trainer4j.tensor.SimdKernel.HALF_BITS;
import static io.trainer4j.tensor.SimdKernel.LANES;
import static io.trainer4j.tensor.SimdKernel.LOAD;

import io.trainer4j.tensor.VectorKernel.FloatRow;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of matrices of 32-bit and 16-bit floats with a row of 32-bit floats. Two numbers of 16 bits in a word are taken
 * apart by masks and shifts, and the row is laid out so that they meet theirs.
 */
final class SimdFloatProducts {
    private SimdFloatProducts() {}

    /** Lays a row out for one of the formats of floats. */
    static FloatRow arrange(RowProduct.Format format, float[] x, int columns) {
        return switch (format) {
            case BFLOAT16 -> new FloatRow(dealt(x, columns, 2));
            case FLOAT16 -> new FloatRow(scaled(dealt(x, columns, 2), 0x1p56f));
            default -> new FloatRow(x);
        };
    }

    /**
     * Deals the values for each vector of words to the places that they have in a word.
     *
     * @param places values in a word
     */
    private static float[] dealt(float[] x, int columns, int places) {
        float[] dealt = new float[columns];
        for (int block = 0; block < columns; block += places * LANES) {
            for (int place = 0; place < places; place++) {
                for (int lane = 0; lane < LANES; lane++) {
                    dealt[block + place * LANES + lane] = x[block + lane * places + place];
                }
            }
        }
        return dealt;
    }

    private static float[] scaled(float[] x, float factor) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= factor;
        }
        return x;
    }

    /** As {@link VectorKernel#multiply}. */
    static void multiply(RowProduct matrix, FloatRow row, float[] y, int at, int from, int to) throws Throwable {
        Object memory = matrix.values().address();
        int columns = matrix.columns();
        switch (matrix.format()) {
            case BFLOAT16 -> bfloat16(memory, row.values(), y, at, from, to, columns);
            case FLOAT16 -> float16(memory, row.values(), y, at, from, to, columns);
            default -> float32(memory, row.values(), y, at, from, to, columns);
        }
    }

    private static void float32(Object memory, float[] x, float[] y, int at, int from, int to, int columns)
            throws Throwable {
        for (int row = from; row < to; row++) {
            long start = (long) row * columns * Float.BYTES;
            FloatVector a = FloatVector.zero(FLOATS);
            FloatVector b = a;
            for (int i = 0; i < columns; i += 2 * LANES) {
                IntVector first = (IntVector) LOAD.invokeExact(memory, start + (long) i * Float.BYTES);
                IntVector second = (IntVector) LOAD.invokeExact(memory, start + (long) i * Float.BYTES + BYTES);
                a = first.reinterpretAsFloats().fma(FloatVector.fromArray(FLOATS, x, i), a);
                b = second.reinterpretAsFloats().fma(FloatVector.fromArray(FLOATS, x, i + LANES), b);
            }
            y[at + row] = a.add(b).reduceLanes(VectorOperators.ADD);
        }
    }

    private static void bfloat16(Object memory, float[] x, float[] y, int at, int from, int to, int columns)
            throws Throwable {
        int unrolled = columns / (4 * LANES) * (4 * LANES);
        for (int row = from; row < to; row++) {
            long start = (long) row * columns * Short.BYTES;
            FloatVector a = FloatVector.zero(FLOATS);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            for (int i = 0; i < unrolled; i += 4 * LANES) {
                IntVector first = (IntVector) LOAD.invokeExact(memory, start + 2L * i);
                IntVector second = (IntVector) LOAD.invokeExact(memory, start + 2L * i + BYTES);
                a = first.lanewise(VectorOperators.LSHL, 16)
                        .reinterpretAsFloats()
                        .fma(FloatVector.fromArray(FLOATS, x, i), a);
                b = first.and(0xFFFF0000).reinterpretAsFloats().fma(FloatVector.fromArray(FLOATS, x, i + LANES), b);
                c = second.lanewise(VectorOperators.LSHL, 16)
                        .reinterpretAsFloats()
                        .fma(FloatVector.fromArray(FLOATS, x, i + 2 * LANES), c);
                d = second.and(0xFFFF0000)
                        .reinterpretAsFloats()
                        .fma(FloatVector.fromArray(FLOATS, x, i + 3 * LANES), d);
            }
            if (unrolled < columns) {
                IntVector last = (IntVector) LOAD.invokeExact(memory, start + 2L * unrolled);
                a = last.lanewise(VectorOperators.LSHL, 16)
                        .reinterpretAsFloats()
                        .fma(FloatVector.fromArray(FLOATS, x, unrolled), a);
                b = last.and(0xFFFF0000)
                        .reinterpretAsFloats()
                        .fma(FloatVector.fromArray(FLOATS, x, unrolled + LANES), b);
            }
            y[at + row] = a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
        }
    }

    /** A float16 number moved to a float's bits is 2^112 too small: half of that is made up for by the row. */
    private static void float16(Object memory, float[] x, float[] y, int at, int from, int to, int columns)
            throws Throwable {
        for (int row = from; row < to; row++) {
            long start = (long) row * columns * Short.BYTES;
            FloatVector a = FloatVector.zero(FLOATS);
            FloatVector b = a;
            for (int i = 0; i < columns; i += 2 * LANES) {
                IntVector pairs = (IntVector) LOAD.invokeExact(memory, start + 2L * i);
                IntVector low = pairs.lanewise(VectorOperators.LSHL, 16);
                a = low.lanewise(VectorOperators.ASHR, 3)
                        .and(HALF_BITS)
                        .reinterpretAsFloats()
                        .fma(FloatVector.fromArray(FLOATS, x, i), a);
                b = pairs.lanewise(VectorOperators.ASHR, 3)
                        .and(HALF_BITS)
                        .reinterpretAsFloats()
                        .fma(FloatVector.fromArray(FLOATS, x, i + LANES), b);
            }
            y[at + row] = a.add(b).reduceLanes(VectorOperators.ADD) * 0x1p56f;
        }
    }
}
