package io.trainer4j.model;

import java.util.Arrays;

/** Llama 2 and 3: biases where the configuration asks for them. */
final class Llama {
    private Llama() {}

    static Decoder decoder(ModelConfig config) {
        boolean bias = config.flag("attention_bias");
        int headDim = DecoderConfig.headDim(config);
        int[] windows = new int[config.integer("num_hidden_layers")];
        Arrays.fill(windows, CausalMasks.UNLIMITED);
        return new Decoder(DecoderConfig.of(
                config,
                new DecoderConfig.Variant("Llama", headDim, bias, bias, config.flag("mlp_bias"), false),
                windows));
    }
}
