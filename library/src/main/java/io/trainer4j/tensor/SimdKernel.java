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
 * place they have in the word, that is a power of two too much, which is taken off the row beforehand: exactly.
 */
final class SimdKernel implements VectorKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    private static final int LANES = 8;
    private static final int BYTES = 32;
    private static final int GROUP = GroupedMatrix.GROUP;
    private static final VectorMask<Float> SECOND_HALF = VectorMask.fromLong(FLOATS, 0xF0);

    /** Rows whose scales are converted together. */
    private static final int SCALED_ROWS = 16;

    /** {@code (Object memory, long byteOffset) -> IntVector}; JDK 17 and 18 load from buffers, later ones from segments. */
    private static final MethodHandle LOAD = load();

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

    private static IntVector words(Object memory, long offset) {
        try {
            return (IntVector) LOAD.invokeExact(memory, offset);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Row arrange(RowProduct.Format format, float[] x, int columns) {
        return switch (format) {
            case FLOAT32 -> new Row(x, null);
            case BFLOAT16 -> new Row(dealt(x, columns, 2, 0), null);
            case INT8 -> new Row(scaled(dealt(x, columns, 4, 0), 0x1p-24f), null);
            case INT4 -> new Row(dealt(x, columns, 8, 4), groupSums(x, columns));
        };
    }

    /**
     * Deals the values for each vector of words to the places that they have in a word.
     *
     * @param places values in a word
     * @param bits that values lie apart where they are not shifted
     */
    private static float[] dealt(float[] x, int columns, int places, int bits) {
        float[] dealt = new float[columns];
        float[] factors = new float[places];
        for (int place = 0; place < places; place++) {
            factors[place] = place == places - 1 ? 1 : (float) Math.scalb(1.0, -bits * place);
        }
        for (int block = 0; block < columns; block += places * LANES) {
            for (int place = 0; place < places; place++) {
                for (int lane = 0; lane < LANES; lane++) {
                    dealt[block + place * LANES + lane] = x[block + lane * places + place] * factors[place];
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

    private static float[] groupSums(float[] x, int columns) {
        float[] sums = new float[columns / GROUP];
        for (int i = 0; i < columns; i++) {
            sums[i / GROUP] += x[i];
        }
        return sums;
    }

    @Override
    public void multiply(RowProduct matrix, Row x, float[] y, int at, int from, int to) {
        Object memory = matrix.values().address();
        int columns = matrix.columns();
        switch (matrix.format()) {
            case FLOAT32 -> float32(memory, x.values(), y, at, from, to, columns);
            case BFLOAT16 -> bfloat16(memory, x.values(), y, at, from, to, columns);
            case INT8, INT4 -> {
                int groups = columns / GROUP;
                float[] scales = new float[SCALED_ROWS * groups];
                for (int row = from; row < to; row += SCALED_ROWS) {
                    int end = Math.min(row + SCALED_ROWS, to);
                    halves(matrix.scales(), row * groups, (end - row) * groups, scales);
                    if (matrix.format() == RowProduct.Format.INT8) {
                        int8(memory, scales, x.values(), y, at, row, end, columns);
                    } else {
                        int4(memory, scales, x, y, at, row, end, columns);
                    }
                }
            }
        }
    }

    private static void float32(Object memory, float[] x, float[] y, int at, int from, int to, int columns) {
        for (int row = from; row < to; row++) {
            long start = (long) row * columns * Float.BYTES;
            FloatVector a = FloatVector.zero(FLOATS);
            FloatVector b = a;
            for (int i = 0; i < columns; i += 2 * LANES) {
                long offset = start + (long) i * Float.BYTES;
                a = words(memory, offset).reinterpretAsFloats().fma(FloatVector.fromArray(FLOATS, x, i), a);
                b = words(memory, offset + BYTES)
                        .reinterpretAsFloats()
                        .fma(FloatVector.fromArray(FLOATS, x, i + LANES), b);
            }
            y[at + row] = a.add(b).reduceLanes(VectorOperators.ADD);
        }
    }

    private static void bfloat16(Object memory, float[] x, float[] y, int at, int from, int to, int columns) {
        int unrolled = columns / (4 * LANES) * (4 * LANES);
        for (int row = from; row < to; row++) {
            long start = (long) row * columns * Short.BYTES;
            FloatVector a = FloatVector.zero(FLOATS);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            for (int i = 0; i < unrolled; i += 4 * LANES) {
                IntVector first = words(memory, start + 2L * i);
                IntVector second = words(memory, start + 2L * i + BYTES);
                a = low(first).fma(FloatVector.fromArray(FLOATS, x, i), a);
                b = high(first).fma(FloatVector.fromArray(FLOATS, x, i + LANES), b);
                c = low(second).fma(FloatVector.fromArray(FLOATS, x, i + 2 * LANES), c);
                d = high(second).fma(FloatVector.fromArray(FLOATS, x, i + 3 * LANES), d);
            }
            if (unrolled < columns) {
                IntVector last = words(memory, start + 2L * unrolled);
                a = low(last).fma(FloatVector.fromArray(FLOATS, x, unrolled), a);
                b = high(last).fma(FloatVector.fromArray(FLOATS, x, unrolled + LANES), b);
            }
            y[at + row] = a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
        }
    }

    private static FloatVector low(IntVector words) {
        return words.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    private static FloatVector high(IntVector words) {
        return words.and(0xFFFF0000).reinterpretAsFloats();
    }

    private static void int8(
            Object memory, float[] scales, float[] x, float[] y, int at, int from, int to, int columns) {
        int groups = columns / GROUP;
        for (int row = from; row < to; row++) {
            long start = (long) row * columns;
            int scale = (row - from) * groups;
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int g = 0; g < groups; g++) {
                int i = g * GROUP;
                IntVector four = words(memory, start + i);
                FloatVector a =
                        number(four.lanewise(VectorOperators.LSHL, 24)).mul(FloatVector.fromArray(FLOATS, x, i));
                FloatVector b = number(four.lanewise(VectorOperators.LSHL, 16).and(0xFF000000))
                        .mul(FloatVector.fromArray(FLOATS, x, i + LANES));
                a = number(four.lanewise(VectorOperators.LSHL, 8).and(0xFF000000))
                        .fma(FloatVector.fromArray(FLOATS, x, i + 2 * LANES), a);
                b = number(four.and(0xFF000000)).fma(FloatVector.fromArray(FLOATS, x, i + 3 * LANES), b);
                sum = a.add(b).fma(FloatVector.broadcast(FLOATS, scales[scale + g]), sum);
            }
            y[at + row] = sum.reduceLanes(VectorOperators.ADD);
        }
    }

    /** A load holds two groups; the 8 that each code is too large by is taken off by the sums of the row's groups. */
    private static void int4(Object memory, float[] scales, Row row, float[] y, int at, int from, int to, int columns) {
        int groups = columns / GROUP;
        float[] x = row.values();
        float[] sums = row.groupSums();
        for (int r = from; r < to; r++) {
            long start = (long) r * columns / 2;
            int scale = (r - from) * groups;
            FloatVector sum = FloatVector.zero(FLOATS);
            float excess = 0;
            for (int g = 0; g < groups; g += 2) {
                int i = g * GROUP;
                IntVector eight = words(memory, start + i / 2);
                FloatVector a = number(eight.and(0xF)).mul(FloatVector.fromArray(FLOATS, x, i));
                FloatVector b = number(eight.and(0xF0)).mul(FloatVector.fromArray(FLOATS, x, i + LANES));
                a = number(eight.and(0xF00)).fma(FloatVector.fromArray(FLOATS, x, i + 2 * LANES), a);
                b = number(eight.and(0xF000)).fma(FloatVector.fromArray(FLOATS, x, i + 3 * LANES), b);
                a = number(eight.and(0xF0000)).fma(FloatVector.fromArray(FLOATS, x, i + 4 * LANES), a);
                b = number(eight.and(0xF00000)).fma(FloatVector.fromArray(FLOATS, x, i + 5 * LANES), b);
                a = number(eight.and(0xF000000)).fma(FloatVector.fromArray(FLOATS, x, i + 6 * LANES), a);
                b = number(eight.lanewise(VectorOperators.LSHR, 28))
                        .fma(FloatVector.fromArray(FLOATS, x, i + 7 * LANES), b);
                float first = scales[scale + g];
                float second = scales[scale + g + 1];
                FloatVector both =
                        FloatVector.broadcast(FLOATS, first).blend(FloatVector.broadcast(FLOATS, second), SECOND_HALF);
                sum = a.add(b).fma(both, sum);
                excess += first * sums[g] + second * sums[g + 1];
            }
            y[at + r] = sum.reduceLanes(VectorOperators.ADD) - 8 * excess;
        }
    }

    private static FloatVector number(IntVector integers) {
        return (FloatVector) integers.convert(VectorOperators.I2F, 0);
    }

    /** Reads float16 numbers as floats. */
    private static void halves(TensorMemory memory, int from, int count, float[] target) {
        for (int i = 0; i < count; i++) {
            int half = memory.shortAt(from + i);
            float magnitude = Float.intBitsToFloat((half & 0x7FFF) << 13) * 0x1p112f;
            target[i] = half < 0 ? -magnitude : magnitude;
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
        int count = to - from;
        float[] weights = new float[(count + LANES - 1) / LANES * LANES];
        float largest = Float.NEGATIVE_INFINITY;
        for (int t = 0; t < count; t++) {
            long key = (base + (long) (from + t) * headDim) * Float.BYTES;
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int d = 0; d < headDim; d += LANES) {
                sum = words(keys.address(), key + (long) d * Float.BYTES)
                        .reinterpretAsFloats()
                        .fma(FloatVector.fromArray(FLOATS, query, queryAt + d), sum);
            }
            weights[t] = sum.reduceLanes(VectorOperators.ADD) * scale;
            largest = Math.max(largest, weights[t]);
        }
        float total = 0;
        for (int t = 0; t < weights.length; t += LANES) {
            exp(FloatVector.fromArray(FLOATS, weights, t).sub(largest)).intoArray(weights, t);
        }
        for (int t = 0; t < count; t++) {
            total += weights[t];
        }
        for (int d = 0; d < headDim; d += LANES) {
            long value = (base + (long) from * headDim + d) * Float.BYTES;
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int t = 0; t < count; t++) {
                sum = words(values.address(), value + (long) t * headDim * Float.BYTES)
                        .reinterpretAsFloats()
                        .fma(FloatVector.broadcast(FLOATS, weights[t]), sum);
            }
            sum.div(total).intoArray(out, queryAt + d);
        }
    }

    @Override
    public void gatedSilu(float[] gateAndUp, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector gate = FloatVector.fromArray(FLOATS, gateAndUp, i);
            FloatVector up = FloatVector.fromArray(FLOATS, gateAndUp, count + i);
            gate.mul(up).div(exp(gate.neg()).add(1)).intoArray(gateAndUp, i);
        }
    }

    /**
     * The exponential function within 2 units in the last place, between the smallest and the largest normal number: {@code
     * 2^n e^r} with the polynomial of Cephes's {@code expf}.
     */
    private static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(-87).min(88);
        FloatVector shifted = bounded.mul(1.44269504f).add(12582912f);
        FloatVector n = shifted.sub(12582912f);
        FloatVector r = n.mul(-0.693359375f).add(bounded);
        r = n.mul(2.12194440e-4f).add(r);
        FloatVector p = r.mul(1.9875691500e-4f).add(1.3981999507e-3f);
        p = p.mul(r).add(8.3334519073e-3f);
        p = p.mul(r).add(4.1665795894e-2f);
        p = p.mul(r).add(1.6666665459e-1f);
        p = p.mul(r).add(5.0000001201e-1f);
        p = p.mul(r).mul(r).add(r).add(1);
        IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(power).reinterpretAsFloats();
    }
}
