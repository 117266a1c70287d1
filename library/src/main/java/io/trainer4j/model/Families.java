package io.trainer4j.model;

import io.trainer4j.TrainerException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Which class computes which {@code model_type}: the one place a new family is entered. */
final class Families {
    private static final Map<String, Function<ModelConfig, Backbone>> BY_TYPE = new TreeMap<>(Map.of(
            "bert", Bert::new,
            "distilbert", DistilBert::new,
            "gemma3_text", Gemma3::new,
            "gpt2", Gpt2::new,
            "llama", Llama::decoder,
            "mistral", Mistral::decoder,
            "qwen2", Qwen2::decoder,
            "qwen3", Qwen3::decoder,
            "roberta", Roberta::new));

    private Families() {}

    static Backbone backbone(ModelConfig config) {
        Function<ModelConfig, Backbone> family = BY_TYPE.get(config.modelType());
        if (family == null) {
            throw new TrainerException(config.source() + " has model_type \"" + config.modelType()
                    + "\"; this version computes " + String.join(", ", BY_TYPE.keySet()) + ".");
        }
        return family.apply(config);
    }

    static CausalBackbone decoder(ModelConfig config) {
        if (backbone(config) instanceof CausalBackbone decoder) {
            return decoder;
        }
        throw new TrainerException(config.source() + " describes an encoder (" + config.modelType()
                + "), which does not generate text; use --task sequence-classification or a decoder such as qwen2.");
    }

    static Encoder encoder(ModelConfig config) {
        if (backbone(config) instanceof Encoder encoder) {
            return encoder;
        }
        throw new TrainerException(config.source() + " describes a decoder (" + config.modelType()
                + "), which has no masked-language head; open it as a causal language model, or use an encoder such as"
                + " bert.");
    }
}
