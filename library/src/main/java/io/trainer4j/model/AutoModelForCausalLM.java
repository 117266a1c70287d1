package io.trainer4j.model;

import io.trainer4j.hub.ModelFolder;
import io.trainer4j.hub.ModelPart;
import io.trainer4j.tensor.Engine;
import java.nio.file.Path;

/** Opens causal language models of any decoder family this version computes, such as {@code qwen2}. */
public final class AutoModelForCausalLM {
    private AutoModelForCausalLM() {}

    /**
     * Loads a Hugging Face folder; that of an adapter with the model its {@code adapter_config.json} names, see
     * {@link PeftModel}.
     *
     * @param folder holds {@code config.json} and weights in fp32, bf16 or fp16, single or sharded:
     *     safetensors, else {@code pytorch_model.bin}
     * @throws io.trainer4j.TrainerException naming the file or tensor that is missing, broken or does not fit
     */
    public static CausalLM fromPretrained(Path folder) {
        return fromPretrained(folder, new LoadOptions());
    }

    /** As {@link #fromPretrained(Path)}, with the weights in a chosen form. */
    public static CausalLM fromPretrained(Path folder, LoadOptions options) {
        Engine.load();
        return AdapterFolder.isAdapter(folder)
                ? AdapterFolder.open(folder, (base, config) -> load(base, options))
                : load(folder, options);
    }

    private static CausalLM load(Path folder, LoadOptions options) {
        ModelConfig config = ModelConfig.read(folder);
        CausalBackbone decoder = Families.decoder(config);
        try (WeightFiles files = WeightFiles.open(folder, decoder.prefix(), options)) {
            ModelConfig tying = TiedEmbedding.asStored(config, decoder, files);
            return new CausalLM(tying, decoder, files, GenerationFile.read(folder, config));
        }
    }

    /**
     * As {@link #fromPretrained(Path)}, for a folder or a model on the Hugging Face Hub, which is downloaded unless cached.
     *
     * @param reference a folder, or {@code org/name} with an optional {@code @revision}
     */
    public static CausalLM fromPretrained(String reference) {
        return fromPretrained(ModelFolder.of(reference, ModelPart.WEIGHTS));
    }

    /** A new model with weights drawn from the default random stream. */
    public static CausalLM fromConfig(ModelConfig config) {
        Engine.load();
        GenerationFile generation = GenerationFile.of(GenerationConfig.greedy(config.eosTokenIds()));
        return new CausalLM(config, Families.decoder(config), null, generation);
    }
}
