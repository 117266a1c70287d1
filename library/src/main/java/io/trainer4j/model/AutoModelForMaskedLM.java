package io.trainer4j.model;

import io.trainer4j.tensor.Engine;
import java.nio.file.Path;

/**
 * Opens encoders with a masked-language head: BERT, RoBERTa and DistilBERT. A head that the files do not have is
 * initialised from the default random stream, see {@link PretrainedModel#newlyInitialized}; the head of another task is
 * left out.
 */
public final class AutoModelForMaskedLM {
    private AutoModelForMaskedLM() {}

    /**
     * Loads a Hugging Face folder.
     *
     * @throws io.trainer4j.TrainerException naming the file or tensor that is missing, broken or does not fit, or where the
     *     folder holds a decoder
     */
    public static MaskedLM fromPretrained(Path folder) {
        return fromPretrained(folder, new LoadOptions());
    }

    /** As {@link #fromPretrained(Path)}, with the weights of the network, not of the head, in a chosen form. */
    public static MaskedLM fromPretrained(Path folder, LoadOptions options) {
        Engine.load();
        return AdapterFolder.isAdapter(folder)
                ? AdapterFolder.open(folder, (base, config) -> load(base, options))
                : load(folder, options);
    }

    private static MaskedLM load(Path folder, LoadOptions options) {
        ModelConfig config = ModelConfig.read(folder);
        Encoder encoder = Families.encoder(config);
        try (WeightFiles files = WeightFiles.open(folder, encoder.prefix(), options)) {
            return new MaskedLM(config, encoder, files);
        }
    }

    /** As {@link #fromPretrained(Path)}. */
    public static MaskedLM fromPretrained(String folder) {
        return fromPretrained(Path.of(folder));
    }

    /** A new model with weights drawn from the default random stream. */
    public static MaskedLM fromConfig(ModelConfig config) {
        Engine.load();
        return new MaskedLM(config, Families.encoder(config), null);
    }
}
