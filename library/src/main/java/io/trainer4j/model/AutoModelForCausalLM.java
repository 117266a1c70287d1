package io.trainer4j.model;

import io.trainer4j.tensor.Engine;
import java.nio.file.Path;

/** Opens causal language models of any decoder family this version computes, such as {@code qwen2}. */
public final class AutoModelForCausalLM {
    private AutoModelForCausalLM() {}

    /**
     * Loads a Hugging Face folder.
     *
     * @param folder holds {@code config.json} and safetensors weights in fp32, bf16 or fp16, single or sharded
     * @throws io.trainer4j.TrainerException naming the file or tensor that is missing, broken or does not fit
     */
    public static CausalLM fromPretrained(Path folder) {
        Engine.load();
        ModelConfig config = ModelConfig.read(folder);
        CausalBackbone decoder = Families.decoder(config);
        try (WeightFiles files = WeightFiles.open(folder, decoder.prefix())) {
            return new CausalLM(config, decoder, files, GenerationConfig.read(folder, config));
        }
    }

    /** As {@link #fromPretrained(Path)}. */
    public static CausalLM fromPretrained(String folder) {
        return fromPretrained(Path.of(folder));
    }

    /** A new model with weights drawn from the default random stream. */
    public static CausalLM fromConfig(ModelConfig config) {
        Engine.load();
        return new CausalLM(config, Families.decoder(config), null, GenerationConfig.greedy(config.eosTokenIds()));
    }
}
