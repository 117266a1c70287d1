package io.trainer4j.model;

/** What the matrix products of a training pass are computed in. Weights, gradients and everything else stay in 32 bits. */
public enum Precision {
    FLOAT32,
    /** Both factors are rounded to bfloat16 and so is the result, as under {@code torch.autocast}. */
    BFLOAT16
}
