package io.trainer4j.tensor;

/**
 * Attention of a single token's queries over the keys and values before it, and the gate of its feed-forward network: what
 * lies between the {@link RowProduct}s of a token. Needs {@link RowProduct#isAvailable}.
 */
public final class RowAttention {
    /** What the length of a gate must be a multiple of. */
    public static final int LANES = 8;

    /** What a head's size must be a multiple of. */
    public static final int HEAD_MULTIPLE = 16;

    private RowAttention() {}

    /**
     * Grouped-query attention.
     *
     * @param query {@code [heads, headDim]}, rows one after the other
     * @param keys {@code [keyHeads, capacity, headDim]}
     * @param values as {@code keys}
     * @param from first token that is seen
     * @param to token behind the last that is seen
     * @param out receives {@code [heads, headDim]}
     */
    public static void attend(
            float[] query,
            int heads,
            TensorMemory keys,
            TensorMemory values,
            int keyHeads,
            long capacity,
            int from,
            int to,
            int headDim,
            float scale,
            float[] out) {
        VectorKernel kernel = VectorUnit.get().kernel();
        int shared = heads / keyHeads;
        ComputeThreads.get()
                .run(
                        heads,
                        head -> kernel.attend(
                                query,
                                head * headDim,
                                keys,
                                values,
                                head / shared * capacity * headDim,
                                from,
                                to,
                                headDim,
                                scale,
                                out));
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
