package io.trainer4j.model;

/**
 * Shape of an {@link Encoder}, read from {@code config.json}.
 *
 * @param paddingIndex token whose embedding gets no gradient, or -1
 */
record EncoderConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int attentionHeads,
        int maxPositions,
        int paddingIndex,
        Activation activation,
        double normEpsilon,
        double initializerRange,
        double hiddenDropout,
        double attentionDropout) {

    /** The keys that {@code BertConfig} and {@code RobertaConfig} share. */
    static EncoderConfig ofBert(ModelConfig config, int paddingIndex) {
        return new EncoderConfig(
                config.integer("vocab_size"),
                config.integer("hidden_size"),
                config.integer("intermediate_size"),
                config.integer("num_hidden_layers"),
                config.integer("num_attention_heads"),
                config.integer("max_position_embeddings", 512),
                config.integer("pad_token_id", paddingIndex),
                Activation.of(config, "hidden_act", "gelu"),
                config.number("layer_norm_eps", 1e-12),
                config.number("initializer_range", 0.02),
                config.number("hidden_dropout_prob", 0.1),
                config.number("attention_probs_dropout_prob", 0.1));
    }
}
