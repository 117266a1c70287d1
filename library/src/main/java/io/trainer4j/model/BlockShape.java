package io.trainer4j.model;

import java.util.List;

/**
 * Sizes of one block of a network, as far as memory depends on them.
 *
 * @param hidden size of the vector that stands for a token
 * @param attended size of what attention gives: heads times head size
 * @param keys size of all keys of a token
 * @param inner size inside the feed-forward network
 * @param outputs sum of the sizes that the block's matrices give
 * @param heads attention heads
 * @param causal whether the block belongs to a decoder, which normalises before its products
 * @param isRemade whether the backward pass makes the norms and the gated values again
 * @param dropsAttention whether attention drops out weights in training, which keeps all of them
 * @param parameters values of all matrices together
 * @param sides sum of inputs and outputs over the matrices: values of adapters of rank 1
 */
public record BlockShape(
        long hidden,
        long attended,
        long keys,
        long inner,
        long outputs,
        long heads,
        boolean causal,
        boolean isRemade,
        boolean dropsAttention,
        long parameters,
        long sides) {

    /**
     * Reads the sizes off the matrices of a block.
     *
     * @param matrices {@code [out, in]}: queries, keys and values, the attention's output, the feed-forward network
     */
    static BlockShape of(
            long hidden, long heads, boolean causal, boolean isRemade, boolean dropsAttention, List<long[]> matrices) {
        int count = matrices.size();
        long inner = matrices.get(count - 1)[1];
        boolean gated = count == 7; // three projections, output, gate, up, down
        int output = count - (gated ? 4 : 3);
        long attended = matrices.get(output)[1];
        long projected =
                matrices.stream().limit(output).mapToLong(shape -> shape[0]).sum();
        return new BlockShape(
                hidden,
                attended,
                (projected - attended) / 2,
                inner,
                matrices.stream().mapToLong(shape -> shape[0]).sum(),
                heads,
                causal,
                isRemade,
                dropsAttention,
                matrices.stream().mapToLong(shape -> shape[0] * shape[1]).sum(),
                matrices.stream().mapToLong(shape -> shape[0] + shape[1]).sum());
    }
}
