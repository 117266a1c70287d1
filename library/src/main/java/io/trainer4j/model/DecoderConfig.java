package io.trainer4j.model;

import io.trainer4j.TrainerException;
import tools.jackson.databind.JsonNode;

/**
 * Shape of a {@link Decoder}, read from {@code config.json}.
 *
 * @param paddingIndex token whose embedding gets no gradient, or -1
 * @param queryKeyValueBias whether the three input projections have a bias: always in Qwen2, by configuration in Llama
 * @param outputBias whether the attention's output projection has one
 */
record DecoderConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int attentionHeads,
        int keyValueHeads,
        int headDim,
        double normEpsilon,
        double initializerRange,
        double attentionDropout,
        int paddingIndex,
        boolean queryKeyValueBias,
        boolean outputBias,
        boolean mlpBias,
        RotaryEmbedding rope) {

    static DecoderConfig from(ModelConfig config) {
        JsonNode json = config.json();
        boolean qwen2 = config.modelType().equals("qwen2");
        if (json.path("use_sliding_window").asBoolean(false)) {
            throw new TrainerException(config.source()
                    + " asks for use_sliding_window, which this version does not compute; set it to false.");
        }
        if (!json.path("hidden_act").asString("silu").equals("silu")) {
            throw new TrainerException(config.source() + " asks for hidden_act " + json.path("hidden_act")
                    + "; this family is computed with silu only.");
        }
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        int headDim = json.path("head_dim").asInt(hidden / heads);
        boolean attentionBias = json.path("attention_bias").asBoolean(false);
        return new DecoderConfig(
                config.integer("vocab_size"),
                hidden,
                config.integer("intermediate_size"),
                config.integer("num_hidden_layers"),
                heads,
                json.path("num_key_value_heads").asInt(heads),
                headDim,
                json.path("rms_norm_eps").asDouble(1e-6),
                json.path("initializer_range").asDouble(0.02),
                json.path("attention_dropout").asDouble(0),
                json.path("pad_token_id").asInt(-1),
                qwen2 || attentionBias,
                !qwen2 && attentionBias,
                !qwen2 && json.path("mlp_bias").asBoolean(false),
                RotaryEmbedding.from(config, headDim));
    }
}
