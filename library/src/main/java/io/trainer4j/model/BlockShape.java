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

    /** Reads the sizes off the first block's matrices and the configuration; all blocks are alike. */
    static BlockShape of(Backbone backbone, ModelConfig config, List<ParameterSpec> specs) {
        String first = backbone.layerNames().get(0);
        List<long[]> matrices = specs.stream()
                .filter(spec -> spec.name().startsWith(first) && spec.shape().length == 2)
                .map(ParameterSpec::matrixShape)
                .toList();
        int count = matrices.size();
        boolean gated = count == 7; // three projections, output, gate, up, down
        int output = count - (gated ? 4 : 3);
        long attended = matrices.get(output)[1];
        long projected =
                matrices.stream().limit(output).mapToLong(shape -> shape[0]).sum();
        return new BlockShape(
                backbone.hiddenSize(),
                attended,
                (projected - attended) / 2,
                matrices.get(count - 1)[1],
                matrices.stream().mapToLong(shape -> shape[0]).sum(),
                heads(backbone, config),
                backbone instanceof CausalBackbone,
                backbone instanceof Decoder,
                dropsAttention(backbone, config),
                matrices.stream().mapToLong(shape -> shape[0] * shape[1]).sum(),
                matrices.stream().mapToLong(shape -> shape[0] + shape[1]).sum());
    }

    private static int heads(Backbone backbone, ModelConfig config) {
        return backbone instanceof Encoder encoder
                ? encoder.config().attentionHeads()
                : config.integer("num_attention_heads", config.integer("n_head", 1));
    }

    private static boolean dropsAttention(Backbone backbone, ModelConfig config) {
        if (backbone instanceof Encoder encoder) {
            return encoder.config().attentionDropout() > 0;
        }
        double ofGpt2 = config.number("attn_pdrop", backbone instanceof Gpt2 ? 0.1 : 0);
        return config.number("attention_dropout", 0) + ofGpt2 > 0;
    }
}
