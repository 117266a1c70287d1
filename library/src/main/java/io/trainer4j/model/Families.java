package io.trainer4j.model;

import io.trainer4j.TrainerException;

/** Which class computes which {@code model_type}: the one place a new family is entered. */
final class Families {
    private Families() {}

    static Backbone backbone(ModelConfig config) {
        return switch (config.modelType()) {
            case "qwen2", "llama" -> new Decoder(DecoderConfig.from(config));
            case "bert" -> new Bert(BertConfig.from(config));
            default ->
                throw new TrainerException(config.source() + " has model_type \"" + config.modelType()
                        + "\"; this version computes qwen2, llama and bert.");
        };
    }

    static Decoder decoder(ModelConfig config) {
        if (backbone(config) instanceof Decoder decoder) {
            return decoder;
        }
        throw new TrainerException(config.source() + " describes an encoder (" + config.modelType()
                + "), which does not generate text; use --task sequence-classification or a decoder such as qwen2.");
    }
}
