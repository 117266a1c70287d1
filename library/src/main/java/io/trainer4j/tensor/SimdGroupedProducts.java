package io.trainer4j.tensor;

import static io.trainer4j.tensor.SimdKernel.FLOATS;
import static io.trainer4j.tensor.SimdKernel.HALF_BITS;
import static io.trainer4j.tensor.SimdKernel.LANES;
import static io.trainer4j.tensor.SimdKernel.LOAD;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of a {@link GroupedMatrix} with an {@link EightBitRow}. Numbers are multiplied and added in 16 bits as far as
 * sums fit: of 8 bits two products, at most 2 x 128 x 127 = 32,512; of 4 bits eight, at most 8 x 15 x 127 = 15,240. The sums
 * become floats then, and are multiplied with the product of both scales.
 */
final class SimdGroupedProducts {
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_256;
    private static final int WORDS = 16;
    private static final int GROUP = GroupedMatrix.GROUP;
    private static final VectorMask<Float> SECOND_HALF = VectorMask.fromLong(FLOATS, 0xF0);

    /** Each thread's room for scales, so that they stay in its cache. */
    private static final ThreadLocal<Scales> ROOM = ThreadLocal.withInitial(() -> new Scales(0));

    /** Products of a matrix row's scales with those of the row, of the even and the odd groups. */
    private record Scales(float[] even, float[] odd) {
        Scales(int count) {
            this(new float[count], new float[count]);
        }

        static Scales withRoomFor(int count) {
            if (ROOM.get().even.length < count) {
                ROOM.set(new Scales(count));
            }
            return ROOM.get();
        }
    }

    private SimdGroupedProducts() {}

    /** As {@link VectorKernel#multiply}. */
    static void multiply(RowProduct matrix, EightBitRow row, float[] y, int at, int from, int to) throws Throwable {
        Object memory = matrix.values().address();
        int columns = matrix.columns();
        int pairs = columns / (2 * GROUP);
        Scales scales = Scales.withRoomFor(EightBitRow.ROWS * pairs + LANES);
        for (int first = from; first < to; first += EightBitRow.ROWS) {
            int end = Math.min(first + EightBitRow.ROWS, to);
            scales(matrix.scales(), first * pairs, (end - first) * pairs, row, scales.even, scales.odd);
            if (matrix.format() == RowProduct.Format.INT8) {
                int8(memory, scales.even, scales.odd, row.factors(), y, at, first, end, columns);
            } else {
                int4(memory, scales.even, scales.odd, row, y, at, first, end, columns);
            }
        }
    }

    /** Multiplies pairs of float16 numbers with the row's scales; zeros behind them let the last ones be read as a vector. */
    private static void scales(TensorMemory memory, int from, int count, EightBitRow row, float[] even, float[] odd)
            throws Throwable {
        Object address = memory.address();
        float[] rowEven = row.evenScales();
        float[] rowOdd = row.oddScales();
        int whole = count / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            IntVector pairs = (IntVector) LOAD.invokeExact(address, (from + i) * (long) Integer.BYTES);
            pairs.lanewise(VectorOperators.LSHL, 16)
                    .lanewise(VectorOperators.ASHR, 3)
                    .and(HALF_BITS)
                    .reinterpretAsFloats()
                    .mul(FloatVector.fromArray(FLOATS, rowEven, i))
                    .intoArray(even, i);
            pairs.lanewise(VectorOperators.ASHR, 3)
                    .and(HALF_BITS)
                    .reinterpretAsFloats()
                    .mul(FloatVector.fromArray(FLOATS, rowOdd, i))
                    .intoArray(odd, i);
        }
        for (int i = whole; i < count; i++) {
            even[i] = number(memory.shortAt(2 * (from + i))) * rowEven[i];
            odd[i] = number(memory.shortAt(2 * (from + i) + 1)) * rowOdd[i];
        }
        FloatVector.zero(FLOATS).intoArray(even, count);
        FloatVector.zero(FLOATS).intoArray(odd, count);
    }

    private static float number(short half) {
        return Float.intBitsToFloat(half << 16 >> 3 & HALF_BITS);
    }

    private static void int8(
            Object memory, float[] even, float[] odd, short[] x, float[] y, int at, int from, int to, int columns)
            throws Throwable {
        int pairs = columns / (2 * GROUP);
        for (int row = from; row < to; row++) {
            long start = (long) row * columns;
            int scale = (row - from) * pairs;
            FloatVector first = FloatVector.zero(FLOATS);
            FloatVector second = first;
            for (int pair = 0; pair < pairs; pair++) {
                int i = pair * 2 * GROUP;
                ShortVector p = ((IntVector) LOAD.invokeExact(memory, start + i)).reinterpretAsShorts();
                ShortVector q = ((IntVector) LOAD.invokeExact(memory, start + i + GROUP)).reinterpretAsShorts();
                IntVector a = p.lanewise(VectorOperators.LSHL, 8)
                        .lanewise(VectorOperators.ASHR, 8)
                        .mul(ShortVector.fromArray(SHORTS, x, i))
                        .add(p.lanewise(VectorOperators.ASHR, 8).mul(ShortVector.fromArray(SHORTS, x, i + WORDS)))
                        .reinterpretAsInts();
                IntVector b = q.lanewise(VectorOperators.LSHL, 8)
                        .lanewise(VectorOperators.ASHR, 8)
                        .mul(ShortVector.fromArray(SHORTS, x, i + 2 * WORDS))
                        .add(q.lanewise(VectorOperators.ASHR, 8).mul(ShortVector.fromArray(SHORTS, x, i + 3 * WORDS)))
                        .reinterpretAsInts();
                a = a.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 16)
                        .add(a.lanewise(VectorOperators.ASHR, 16));
                b = b.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 16)
                        .add(b.lanewise(VectorOperators.ASHR, 16));
                first = ((FloatVector) a.convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.broadcast(FLOATS, even[scale + pair]), first);
                second = ((FloatVector) b.convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.broadcast(FLOATS, odd[scale + pair]), second);
            }
            y[at + row] = first.add(second).reduceLanes(VectorOperators.ADD) * EightBitRow.SCALE_FACTOR;
        }
    }

    /**
     * A load holds two groups, one in each half of the vector: sums are kept for either scale, and of each the half that it
     * is for is taken in the end. That codes are 8 too large is made up for by what the row's sums start with.
     */
    private static void int4(
            Object memory, float[] even, float[] odd, EightBitRow row, float[] y, int at, int from, int to, int columns)
            throws Throwable {
        int pairs = columns / (2 * GROUP);
        short[] x = row.factors();
        float[] evenStarts = row.evenStarts();
        float[] oddStarts = row.oddStarts();
        for (int r = from; r < to; r++) {
            long start = (long) r * columns / 2;
            int scale = (r - from) * pairs;
            FloatVector sum = FloatVector.zero(FLOATS);
            FloatVector first = sum;
            FloatVector second = sum;
            for (int pair = 0; pair < pairs; pair += LANES) {
                sum = FloatVector.fromArray(FLOATS, even, scale + pair)
                        .fma(FloatVector.fromArray(FLOATS, evenStarts, pair), sum);
                sum = FloatVector.fromArray(FLOATS, odd, scale + pair)
                        .fma(FloatVector.fromArray(FLOATS, oddStarts, pair), sum);
            }
            for (int pair = 0; pair < pairs; pair++) {
                int i = pair * 2 * GROUP;
                IntVector words = (IntVector) LOAD.invokeExact(memory, start + i / 2);
                ShortVector a = words.reinterpretAsShorts()
                        .mul(ShortVector.fromArray(SHORTS, x, i))
                        .add(words.lanewise(VectorOperators.LSHR, 4)
                                .reinterpretAsShorts()
                                .mul(ShortVector.fromArray(SHORTS, x, i + WORDS)));
                ShortVector b = words.lanewise(VectorOperators.LSHR, 8)
                        .reinterpretAsShorts()
                        .mul(ShortVector.fromArray(SHORTS, x, i + 2 * WORDS))
                        .add(words.lanewise(VectorOperators.LSHR, 12)
                                .reinterpretAsShorts()
                                .mul(ShortVector.fromArray(SHORTS, x, i + 3 * WORDS)));
                IntVector both = a.add(b).reinterpretAsInts();
                FloatVector products = (FloatVector) both.add(both.lanewise(VectorOperators.LSHL, 16))
                        .lanewise(VectorOperators.ASHR, 16)
                        .convert(VectorOperators.I2F, 0);
                first = products.fma(FloatVector.broadcast(FLOATS, even[scale + pair]), first);
                second = products.fma(FloatVector.broadcast(FLOATS, odd[scale + pair]), second);
            }
            y[at + r] = first.blend(second, SECOND_HALF).add(sum).reduceLanes(VectorOperators.ADD)
                    * EightBitRow.SCALE_FACTOR;
        }
    }
}
