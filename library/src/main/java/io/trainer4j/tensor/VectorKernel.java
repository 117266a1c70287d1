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
     * What a query looks at: tokens of one head, one after another in both memories.
     *
     * @param first where the first float of the first token is, in both
     * @param tokens how many are seen
     * @param size floats of a token
     * @param scale what the products of query and keys are multiplied by
     */
    record Head(TensorMemory keys, TensorMemory values, long first, int tokens, int size, float scale) {}

    /** Attention of the query that begins at {@code query[at]}; what it gives begins at {@code out[at]}. */
    void attend(float[] query, int at, Head head, float[] out);

    /** {@code gate[i] = silu(gate[i]) * gate[count + i]} for the first {@code count}, a multiple of 8. */
    void gatedSilu(float[] gateAndUp, int count);
}
