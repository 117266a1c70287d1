package io.trainer4j.tensor;

/**
 * The loops that the processor's vector instructions run. Kept behind this interface, so that nothing refers to the Vector
 * API where its module is absent; {@link VectorUnit} gives the implementation.
 */
interface VectorKernel {
    /** What a matrix is multiplied with, laid out as the kernel reads it. */
    sealed interface Row permits FloatRow, EightBitRow {}

    /** A row for matrices of floats. */
    record FloatRow(float[] values) implements Row {}

    /** Lays out a row once for all products of one format with it. */
    Row arrange(RowProduct.Format format, float[] x, int columns);

    /** Multiplies the matrix's rows {@code from} to {@code to} with a row into {@code y[at + from ...]}. */
    void multiply(RowProduct matrix, Row x, float[] y, int at, int from, int to);

    /**
     * Attention of one query over the keys and values of one head, {@code [capacity, headDim]} each.
     *
     * @param base first float of the head in both
     * @param from first token that is seen
     * @param to token behind the last that is seen
     */
    void attend(
            float[] query,
            int queryAt,
            TensorMemory keys,
            TensorMemory values,
            long base,
            int from,
            int to,
            int headDim,
            float scale,
            float[] out);

    /** {@code gate[i] = silu(gate[i]) * gate[count + i]} for the first {@code count}, a multiple of 8. */
    void gatedSilu(float[] gateAndUp, int count);
}
