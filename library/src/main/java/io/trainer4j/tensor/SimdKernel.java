package io.trainer4j.tensor;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link VectorKernel} by the Vector API, with vectors of 256 bits. Matrices are read as 32-bit words. The loops, in the
 * classes this one hands on to, call the Vector API without methods of ours between: the compiler stops inlining these in
 * loops as long as that, and a call costs a vector object.
 */
final class SimdKernel implements VectorKernel {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    static final int LANES = 8;
    static final int BYTES = 32;

    /** Where the bits of a float16 number are when it is moved to the place of a float's and three places down. */
    static final int HALF_BITS = 0x8FFFE000;

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
        return format.isGrouped()
                ? SimdRowQuantization.quantized(format, x, columns)
                : SimdFloatProducts.arrange(format, x, columns);
    }

    @Override
    public void multiply(RowProduct matrix, Row row, float[] y, int at, int from, int to) {
        try {
            if (row instanceof EightBitRow eightBits) {
                SimdGroupedProducts.multiply(matrix, eightBits, y, at, from, to);
            } else {
                SimdFloatProducts.multiply(matrix, (FloatRow) row, y, at, from, to);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void attend(float[] query, int at, Head head, float[] out) {
        SimdAttention.attend(query, at, head, out);
    }

    @Override
    public void gatedSilu(float[] gateAndUp, int count) {
        SimdAttention.gatedSilu(gateAndUp, count);
    }
}
