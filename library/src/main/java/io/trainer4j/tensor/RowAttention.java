package io.trainer4j.tensor;

/**
 * Attention of a single token's queries over the keys and values before it, and the gate of its feed-forward network: what
 * lies between the {@link RowProduct}s of a token. Needs {@link RowProduct#isAvailable}.
 *
 * @param heads number of queries
 * @param keyHeads number of keys and of values, each of which equally many queries share
 * @param headDim floats of each, a multiple of {@value #HEAD_MULTIPLE}
 * @param scale what the products of queries and keys are multiplied by
 */
public record RowAttention(int heads, int keyHeads, int headDim, float scale) {
    /** What the length of a gate must be a multiple of. */
    public static final int LANES = 8;

    /** What a head's size must be a multiple of. */
    public static final int HEAD_MULTIPLE = 16;

    /**
     * Grouped-query attention.
     *
     * @param queries {@code [heads, headDim]}, rows one after the other
     * @param keys {@code [keyHeads, capacity, headDim]}
     * @param values as {@code keys}
     * @param from first token that is seen
     * @param to token behind the last that is seen
     * @param out receives {@code [heads, headDim]}
     */
    public void attend(
            float[] queries, TensorMemory keys, TensorMemory values, long capacity, int from, int to, float[] out) {
        VectorKernel kernel = VectorUnit.get().kernel();
        int shared = heads / keyHeads;
        ComputeThreads.get().run(heads, head -> {
            long first = (head / shared * capacity + from) * headDim;
            kernel.attend(
                    queries,
                    head * headDim,
                    new VectorKernel.Head(keys, values, first, to - from, headDim, scale),
                    out);
        });
    }

    /**
     * {@code silu(gate) * up} in place of the gate.
     *
     * @param gateAndUp the gate, then what it is for
     * @param count length of each, a multiple of {@value #LANES}
     */
    public static void gatedSilu(float[] gateAndUp, int count) {
        VectorUnit.get().kernel().gatedSilu(gateAndUp, count);
    }
}
