package io.trainer4j.model;

import io.trainer4j.TrainerException;
import tools.jackson.databind.JsonNode;

/**
 * Shape of a {@link Bert}, read from {@code config.json}.
 *
 * @param paddingIndex token whose embedding gets no gradient
 * @param classifierDropout dropout before the classification head
 */
record BertConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int attentionHeads,
        int maxPositions,
        int tokenTypes,
        double normEpsilon,
        double initializerRange,
        double hiddenDropout,
        double attentionDropout,
        double classifierDropout,
        int paddingIndex) {

    static BertConfig from(ModelConfig config) {
        JsonNode json = config.json();
        if (!json.path("hidden_act").asString("gelu").equals("gelu")) {
            throw new TrainerException(config.source() + " asks for hidden_act " + json.path("hidden_act")
                    + "; BERT is computed with gelu only.");
        }
        double hiddenDropout = json.path("hidden_dropout_prob").asDouble(0.1);
        return new BertConfig(
                config.integer("vocab_size"),
                config.integer("hidden_size"),
                config.integer("intermediate_size"),
                config.integer("num_hidden_layers"),
                config.integer("num_attention_heads"),
                json.path("max_position_embeddings").asInt(512),
                json.path("type_vocab_size").asInt(2),
                json.path("layer_norm_eps").asDouble(1e-12),
                json.path("initializer_range").asDouble(0.02),
                hiddenDropout,
                json.path("attention_probs_dropout_prob").asDouble(0.1),
                json.path("classifier_dropout").asDouble(hiddenDropout),
                json.path("pad_token_id").asInt(0));
    }
}
