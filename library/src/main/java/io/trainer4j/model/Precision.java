package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What the matrix products of a training pass, and on a GPU its attention, are computed in, and what some of their results are
 * kept in. Weights, gradients and everything else stay in 32 bits.
 */
public enum Precision {
    FLOAT32(ScalarType.Float, ScalarType.Float),
    /** Products in 32 bits, but the largest of what waits for the backward pass rounded to bfloat16. */
    FLOAT32_KEPT_IN_BFLOAT16(ScalarType.Float, ScalarType.BFloat16),
    /** Both factors are rounded to bfloat16 and so is the result, as under {@code torch.autocast}. */
    BFLOAT16(ScalarType.BFloat16, ScalarType.BFloat16),
    /** The same in float16, whose small range asks for a scaled loss. */
    FLOAT16(ScalarType.Half, ScalarType.Half);

    private final ScalarType type;
    private final ScalarType kept;

    Precision(ScalarType type, ScalarType kept) {
        this.type = type;
        this.kept = kept;
    }

    private boolean multipliesInFull() {
        return type == ScalarType.Float;
    }

    /** The weight as products are to take it. */
    Weight factor(Weight weight) {
        return multipliesInFull() ? weight : weight.autocast(type);
    }

    /** Number format of the largest of what waits for the backward pass: a gated network's gates and what they multiply. */
    ScalarType kept() {
        return kept;
    }

    /** Bytes of a number of {@link #kept}. */
    public int keptBytes() {
        return kept == ScalarType.Float ? Float.BYTES : Short.BYTES;
    }

    /** Whether fewer bits only save memory here, so that memory counts more than a little time. */
    boolean isForMemory() {
        return this == FLOAT32_KEPT_IN_BFLOAT16;
    }

    /** What {@link #kept} leaves of the values, in 32 bits. */
    Tensor rounded(Tensor x) {
        return kept == ScalarType.Float ? x : x.to(kept).to(ScalarType.Float);
    }

    /**
     * Queries, keys or values as attention is to take them: rounded on a GPU, which has its fast kernels for 16 bits; as they
     * are on the CPU, where libtorch's for 16 bits is the slower one.
     */
    Tensor forAttention(Tensor x) {
        return multipliesInFull() || Device.of(x).isCpu() ? x : x.to(type);
    }

    /** What attention gave for {@link #forAttention}, in 32 bits. */
    Tensor afterAttention(Tensor attended) {
        return multipliesInFull() ? attended : attended.to(ScalarType.Float);
    }
}
