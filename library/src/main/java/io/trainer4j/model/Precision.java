package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What the matrix products of a training pass, and on a GPU its attention, are computed in. Weights, gradients and everything
 * else stay in 32 bits.
 */
public enum Precision {
    FLOAT32(ScalarType.Float),
    /** Both factors are rounded to bfloat16 and so is the result, as under {@code torch.autocast}. */
    BFLOAT16(ScalarType.BFloat16),
    /** The same in float16, whose small range asks for a scaled loss. */
    FLOAT16(ScalarType.Half);

    private final ScalarType type;

    Precision(ScalarType type) {
        this.type = type;
    }

    /** Number format of the products. */
    ScalarType type() {
        return type;
    }

    /**
     * Queries, keys or values as attention is to take them: rounded on a GPU, which has its fast kernels for 16 bits; as they
     * are on the CPU, where libtorch's for 16 bits is the slower one.
     */
    Tensor forAttention(Tensor x) {
        return this == FLOAT32 || Device.of(x).isCpu() ? x : x.to(type);
    }

    /** What attention gave for {@link #forAttention}, in 32 bits. */
    Tensor afterAttention(Tensor attended) {
        return this == FLOAT32 ? attended : attended.to(ScalarType.Float);
    }
}
