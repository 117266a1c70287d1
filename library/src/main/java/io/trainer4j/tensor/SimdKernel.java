package io.trainer4j.tensor;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link VectorKernel} by the Vector API, with vectors of 256 bits. Matrices are read as 32-bit words; the two, four or eight
 * values in a word are taken apart by masks and shifts, and the row is laid out so that they meet theirs. Values keep the
 * place they have in the word, that is a power of two too much, which is taken off the row beforehand: exactly. The loops
 * call the Vector API without methods of ours between: the compiler stops inlining these in loops as long as that, and a call
 * costs a vector object.
 */
final class SimdKernel implements VectorKernel {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    static final int LANES = 8;
    static final int BYTES = 32;
    private static final int GROUP = GroupedMatrix.GROUP;
    private static final VectorMask<Float> SECOND_HALF = VectorMask.fromLong(FLOATS, 0xF0);

    private static final int TOP_BYTE = 0xFF000000;

    /** Where the bits of a float16 number are when it is moved to the place of a float's and three places down. */
    private static final int HALF_BITS = 0x8FFFE000;

    /** What a code of 4 bits is to be divided by for its place. */
    private static final float[] PLACE_VALUES = {1, 0x1p-4f, 0x1p-8f, 0x1p-12f};

    /** Rows whose scales are converted together. */
    private static final int SCALED_ROWS = 16;

    /** {@code (Object memory, long byteOffset) -> IntVector}; JDK 17 and 18 load from buffers, later ones from segments. */
    static final MethodHandle LOAD = load();

    SimdKernel() {}

    private static MethodHandle load() {
        try {
            MethodType loaded = MethodType.methodType(IntVector.class, Object.class, long.class);
            Class<?> memory =
                    VectorUnit.loadsSegments() ? Class.forName("java.lang.foreign.MemorySegment") : ByteBuffer.class;
            Class<?> offset = VectorUnit.loadsSegments() ? long.class : int.class;
            String name = VectorUnit.loadsSegments() ? "fromMemorySegment" : "fromByteBuffer";
            MethodType type =
                    MethodType.methodType(IntVector.class, VectorSpecies.class, memory, offset, ByteOrder.class);
            MethodHandle method = MethodHandles.lookup().findStatic(IntVector.class, name, type);
            method = MethodHandles.insertArguments(method, 3, ByteOrder.nativeOrder());
            return MethodHandles.explicitCastArguments(MethodHandles.insertArguments(method, 0, INTS), loaded);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("IntVector has no load from memory this version knows", e);
        }
    }

    @Override
    public Row arrange(RowProduct.Format format, float[] x, int columns) {
        return switch (format) {
            case FLOAT32 -> new Row(x, null);
            case BFLOAT16 -> new Row(dealt(x, columns, 2), null);
            case INT8 -> new Row(scaled(dealt(x, columns, 4), 0x1p-24f), null);
            case FLOAT16 -> new Row(scaled(dealt(x, columns, 2), 0x1p56f), null);
            case INT4 -> new Row(dealtCodes(x, columns), starts(x, columns));
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

    /** Deals to the 8 codes of 4 bits in a word, of which every fourth lies at the word's end when it is read. */
    private static float[] dealtCodes(float[] x, int columns) {
        float[] dealt = dealt(x, columns, 8);
        for (int i = 0; i < columns; i++) {
            dealt[i] *= PLACE_VALUES[i / LANES % PLACE_VALUES.length];
        }
        return dealt;
    }

    private static float[] scaled(float[] x, float factor) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= factor;
        }
        return x;
    }

    /** For each pair of groups of 4-bit codes, what takes off the 8 that each code is too large by. */
    private static float[] starts(float[] x, int columns) {
        float[] starts = new float[columns / 8];
        for (int i = 0; i < columns; i++) {
            starts[i / 8] -= 8 * x[i];
        }
        return starts;
    }

    @Override
    public void multiply(RowProduct matrix, Row x, float[] y, int at, int from, int to) {
        try {
            Object memory = matrix.values().address();
            int columns = matrix.columns();
            switch (matrix.format()) {
                case FLOAT32 -> float32(memory, x.values(), y, at, from, to, columns);
                case BFLOAT16 -> bfloat16(memory, x.values(), y, at, from, to, columns);
                case FLOAT16 -> float16(memory, x.values(), y, at, from, to, columns);
                case INT8, INT4 -> grouped(matrix, x, y, at, from, to);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void grouped(RowProduct matrix, Row x, float[] y, int at, int from, int to) throws Throwable {
        Object memory = matrix.values().address();
        int columns = matrix.columns();
        int pairs = columns / (2 * GROUP);
        float[] even = new float[SCALED_ROWS * pairs];
        float[] odd = new float[SCALED_ROWS * pairs];
        for (int row = from; row < to; row += SCALED_ROWS) {
            int end = Math.min(row + SCALED_ROWS, to);
            scales(matrix.scales(), row * pairs, (end - row) * pairs, even, odd);
            if (matrix.format() == RowProduct.Format.INT8) {
                int8(memory, even, odd, x.values(), y, at, row, end, columns);
            } else {
                int4(memory, even, odd, x, y, at, row, end, columns);
            }
        }
    }

    /** Reads pairs of float16 numbers as floats. */
    private static void scales(TensorMemory memory, int from, int count, float[] even, float[] odd) throws Throwable {
        Object address = memory.address();
        int whole = count / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            IntVector pairs = (IntVector) LOAD.invokeExact(address, (from + i) * (long) Integer.BYTES);
            pairs.lanewise(VectorOperators.LSHL, 16)
                    .lanewise(VectorOperators.ASHR, 3)
                    .and(HALF_BITS)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .intoArray(even, i);
            pairs.lanewise(VectorOperators.ASHR, 3)
                    .and(HALF_BITS)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .intoArray(odd, i);
        }
        for (int i = whole; i < count; i++) {
            even[i] = number(memory.shortAt(2 * (from + i)));
            odd[i] = number(memory.shortAt(2 * (from + i) + 1));
        }
    }

    private static float number(short half) {
        return Float.intBitsToFloat(half << 16 >> 3 & HALF_BITS) * 0x1p112f;
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

    private static void int8(
            Object memory, float[] even, float[] odd, float[] x, float[] y, int at, int from, int to, int columns)
            throws Throwable {
        int pairs = columns / (2 * GROUP);
        for (int row = from; row < to; row++) {
            long start = (long) row * columns;
            int scale = (row - from) * pairs;
            FloatVector first = FloatVector.zero(FLOATS);
            FloatVector second = first;
            for (int pair = 0; pair < pairs; pair++) {
                int i = pair * 2 * GROUP;
                IntVector p = (IntVector) LOAD.invokeExact(memory, start + i);
                IntVector q = (IntVector) LOAD.invokeExact(memory, start + i + GROUP);
                FloatVector p0 = ((FloatVector)
                                p.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0))
                        .mul(FloatVector.fromArray(FLOATS, x, i));
                FloatVector p1 = ((FloatVector) p.lanewise(VectorOperators.LSHL, 16)
                                .and(TOP_BYTE)
                                .convert(VectorOperators.I2F, 0))
                        .mul(FloatVector.fromArray(FLOATS, x, i + LANES));
                p0 = ((FloatVector) p.lanewise(VectorOperators.LSHL, 8)
                                .and(TOP_BYTE)
                                .convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.fromArray(FLOATS, x, i + 2 * LANES), p0);
                p1 = ((FloatVector) p.and(TOP_BYTE).convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.fromArray(FLOATS, x, i + 3 * LANES), p1);
                first = p0.add(p1).fma(FloatVector.broadcast(FLOATS, even[scale + pair]), first);
                FloatVector q0 = ((FloatVector)
                                q.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0))
                        .mul(FloatVector.fromArray(FLOATS, x, i + GROUP));
                FloatVector q1 = ((FloatVector) q.lanewise(VectorOperators.LSHL, 16)
                                .and(TOP_BYTE)
                                .convert(VectorOperators.I2F, 0))
                        .mul(FloatVector.fromArray(FLOATS, x, i + GROUP + LANES));
                q0 = ((FloatVector) q.lanewise(VectorOperators.LSHL, 8)
                                .and(TOP_BYTE)
                                .convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.fromArray(FLOATS, x, i + GROUP + 2 * LANES), q0);
                q1 = ((FloatVector) q.and(TOP_BYTE).convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.fromArray(FLOATS, x, i + GROUP + 3 * LANES), q1);
                second = q0.add(q1).fma(FloatVector.broadcast(FLOATS, odd[scale + pair]), second);
            }
            y[at + row] = first.add(second).reduceLanes(VectorOperators.ADD);
        }
    }

    /**
     * A load holds two groups, one in each half of the vector: sums are kept for either scale, and of each the half that it
     * is for is taken in the end. That codes are 8 too large is made up for by what the sums start with.
     */
    private static void int4(
            Object memory, float[] even, float[] odd, Row row, float[] y, int at, int from, int to, int columns)
            throws Throwable {
        int pairs = columns / (2 * GROUP);
        float[] x = row.values();
        float[] starts = row.starts();
        for (int r = from; r < to; r++) {
            long start = (long) r * columns / 2;
            int scale = (r - from) * pairs;
            FloatVector first = FloatVector.zero(FLOATS);
            FloatVector second = first;
            for (int pair = 0; pair < pairs; pair++) {
                int i = pair * 2 * GROUP;
                IntVector eight = (IntVector) LOAD.invokeExact(memory, start + i / 2);
                FloatVector a = ((FloatVector) eight.and(0xF).convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.fromArray(FLOATS, x, i), FloatVector.fromArray(FLOATS, starts, pair * LANES));
                FloatVector b = ((FloatVector) eight.and(0xF0).convert(VectorOperators.I2F, 0))
                        .mul(FloatVector.fromArray(FLOATS, x, i + LANES));
                a = ((FloatVector) eight.and(0xF00).convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.fromArray(FLOATS, x, i + 2 * LANES), a);
                b = ((FloatVector) eight.and(0xF000).convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.fromArray(FLOATS, x, i + 3 * LANES), b);
                IntVector upper = eight.lanewise(VectorOperators.LSHR, 16);
                a = ((FloatVector) upper.and(0xF).convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.fromArray(FLOATS, x, i + 4 * LANES), a);
                b = ((FloatVector) upper.and(0xF0).convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.fromArray(FLOATS, x, i + 5 * LANES), b);
                a = ((FloatVector) upper.and(0xF00).convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.fromArray(FLOATS, x, i + 6 * LANES), a);
                b = ((FloatVector) upper.and(0xF000).convert(VectorOperators.I2F, 0))
                        .fma(FloatVector.fromArray(FLOATS, x, i + 7 * LANES), b);
                a = a.add(b);
                first = a.fma(FloatVector.broadcast(FLOATS, even[scale + pair]), first);
                second = a.fma(FloatVector.broadcast(FLOATS, odd[scale + pair]), second);
            }
            y[at + r] = first.blend(second, SECOND_HALF).reduceLanes(VectorOperators.ADD);
        }
    }

    @Override
    public void attend(
            float[] query,
            int queryAt,
            TensorMemory keys,
            TensorMemory values,
            long base,
            int from,
            int to,
            int headDim,
            float scale,
            float[] out) {
        SimdAttention.attend(query, queryAt, keys, values, base, from, to, headDim, scale, out);
    }

    @Override
    public void gatedSilu(float[] gateAndUp, int count) {
        SimdAttention.gatedSilu(gateAndUp, count);
    }
}
