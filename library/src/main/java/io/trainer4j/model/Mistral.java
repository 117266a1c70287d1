package io.trainer4j.model;

import java.util.Arrays;

/** Mistral: no biases, every layer with the same sliding window unless {@code sliding_window} is null. */
final class Mistral {
    private Mistral() {}

    static Decoder decoder(ModelConfig config) {
        int headDim = DecoderConfig.headDim(config);
        int[] windows = new int[config.integer("num_hidden_layers")];
        boolean unlimited = config.json().path("sliding_window").isNull();
        Arrays.fill(windows, unlimited ? CausalMasks.UNLIMITED : config.integer("sliding_window", 4096));
        return new Decoder(DecoderConfig.of(
                config, new DecoderConfig.Variant("Mistral", headDim, false, false, false, false), windows));
    }
}
