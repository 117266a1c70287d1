package io.trainer4j.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.pytorch.Tensor;

/**
 * The memory of a contiguous CPU tensor of less than 2 GiB, without a copy. Valid as long as the tensor is: reading it after
 * the tensor was closed reads memory that belongs to something else.
 */
public final class TensorMemory {
    private final ByteBuffer bytes;
    private final Object address;

    private TensorMemory(ByteBuffer bytes) {
        this.bytes = bytes;
        address = VectorUnit.address(bytes);
    }

    /** The memory of a tensor. */
    public static TensorMemory of(Tensor tensor) {
        try (Scope scope = Scope.open()) {
            return new TensorMemory(TensorData.bytes(tensor).asByteBuffer().order(ByteOrder.nativeOrder()));
        }
    }

    /** Whether a tensor's memory can be had in one piece. */
    static boolean fits(Tensor tensor) {
        return tensor.nbytes() < Integer.MAX_VALUE && tensor.is_contiguous();
    }

    /** Writes 32-bit floats from element {@code at} on. */
    public void put(long at, float[] source, int from, int count) {
        bytes.slice(Math.toIntExact(at * Float.BYTES), count * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(source, from, count);
    }

    short shortAt(int index) {
        return bytes.getShort(index * Short.BYTES);
    }

    /** What this JDK's Vector API loads from: a direct buffer or a memory segment. */
    Object address() {
        return address;
    }
}
