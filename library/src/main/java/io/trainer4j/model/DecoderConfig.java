package io.trainer4j.model;

/**
 * Shape of a {@link Decoder}, read from {@code config.json}.
 *
 * @param variant what the family decides
 * @param paddingIndex token whose embedding gets no gradient, or -1
 * @param windows for each layer how many tokens, itself included, a token sees
 */
record DecoderConfig(
        Variant variant,
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int attentionHeads,
        int keyValueHeads,
        Activation activation,
        double normEpsilon,
        double initializerRange,
        double attentionDropout,
        int paddingIndex,
        int[] windows,
        RotaryEmbedding rope) {

    /**
     * What tells one decoder family from another.
     *
     * @param name how the family's classes in Python start, such as {@code Qwen2}
     * @param headDim size of a head's query, key and value
     * @param queryKeyValueBias whether the three input projections have a bias
     * @param outputBias whether the attention's output projection has one
     * @param mlpBias whether the feed-forward network's projections have one
     * @param queryKeyNorm whether each head's query and key are normalised before they are turned
     */
    record Variant(
            String name,
            int headDim,
            boolean queryKeyValueBias,
            boolean outputBias,
            boolean mlpBias,
            boolean queryKeyNorm) {}

    static DecoderConfig of(ModelConfig config, Variant variant, int[] windows) {
        int heads = config.integer("num_attention_heads");
        return new DecoderConfig(
                variant,
                config.integer("vocab_size"),
                config.integer("hidden_size"),
                config.integer("intermediate_size"),
                heads,
                config.integer("num_key_value_heads", heads),
                Activation.of(config, "hidden_act", "silu"),
                config.number("rms_norm_eps", 1e-6),
                config.number("initializer_range", 0.02),
                config.number("attention_dropout", 0),
                config.integer("pad_token_id", -1),
                windows,
                RotaryEmbedding.from(config, variant.headDim()));
    }

    /** {@code head_dim}, by default the hidden size divided among the heads. */
    static int headDim(ModelConfig config) {
        return config.integer("head_dim", config.integer("hidden_size") / config.integer("num_attention_heads"));
    }

    int layers() {
        return windows.length;
    }
}
