package io.trainer4j.tensor;

import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The border between Java arrays and tensors: values cross it by copying, in row-major order, into tensors on the CPU
 * and out of tensors wherever they lie. */
public final class TensorData {
    private TensorData() {}

    /** An uninitialised tensor of the given type and shape. */
    public static Tensor empty(ScalarType type, long... shape) {
        return torch.empty(shape, new TensorOptions(type), null);
    }

    /** A float32 tensor filled with zeros. */
    public static Tensor zeros(long... shape) {
        return torch.zeros(shape, new TensorOptions(ScalarType.Float));
    }

    /** An int64 vector {@code [values.length]}. */
    public static Tensor longs(long... values) {
        Tensor tensor = empty(ScalarType.Long, values.length);
        if (values.length > 0) {
            pointer(tensor).put(values, 0, values.length);
        }
        return tensor;
    }

    /** An int64 vector {@code [values.length]}. */
    public static Tensor ints(int... values) {
        return longs(Arrays.stream(values).asLongStream().toArray());
    }

    /** An int64 matrix {@code [rows.length, rows[0].length]}; all rows have the same length. */
    public static Tensor ints(int[][] rows) {
        int width = rows[0].length;
        long[] flat = new long[rows.length * width];
        for (int r = 0; r < rows.length; r++) {
            if (rows[r].length != width) {
                throw new IllegalArgumentException(
                        "row " + r + " has " + rows[r].length + " values but row 0 has " + width);
            }
            for (int c = 0; c < width; c++) {
                flat[r * width + c] = rows[r][c];
            }
        }
        return longs(flat).view(rows.length, width);
    }

    /** A float32 tensor of the given shape, which the values must fill exactly. */
    public static Tensor floats(float[] values, long... shape) {
        if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != values.length) {
            throw new IllegalArgumentException(values.length + " values for the shape " + Arrays.toString(shape));
        }
        Tensor tensor = empty(ScalarType.Float, shape);
        if (values.length > 0) {
            new FloatPointer(tensor.data_ptr()).put(values, 0, values.length);
        }
        return tensor;
    }

    /** A copy of the values as 32-bit floats, whatever the tensor's type, strides and device. */
    public static float[] toFloats(Tensor tensor) {
        try (Scope scope = Scope.open()) {
            Tensor plain = tensor.detach().cpu().to(ScalarType.Float).contiguous();
            float[] values = new float[Math.toIntExact(plain.numel())];
            if (values.length > 0) {
                new FloatPointer(plain.data_ptr()).get(values, 0, values.length);
            }
            return values;
        }
    }

    /** A copy of the values as 64-bit integers, from whatever device. */
    public static long[] toLongs(Tensor tensor) {
        try (Scope scope = Scope.open()) {
            Tensor plain = tensor.detach().cpu().to(ScalarType.Long).contiguous();
            long[] values = new long[Math.toIntExact(plain.numel())];
            if (values.length > 0) {
                pointer(plain).get(values, 0, values.length);
            }
            return values;
        }
    }

    /** The raw bytes of a contiguous CPU tensor; valid as long as the tensor is. */
    static BytePointer bytes(Tensor tensor) {
        return new BytePointer(tensor.data_ptr()).capacity(tensor.nbytes());
    }

    private static LongPointer pointer(Tensor tensor) {
        return new LongPointer(tensor.data_ptr());
    }
}
