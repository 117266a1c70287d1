package io.trainer4j.model;

/** Qwen3: queries and keys are normalised per head, whose size is a number of its own. */
final class Qwen3 {
    private Qwen3() {}

    static Decoder decoder(ModelConfig config) {
        boolean bias = config.flag("attention_bias");
        int headDim = config.integer("head_dim", 128);
        return new Decoder(DecoderConfig.of(
                config, new DecoderConfig.Variant("Qwen3", headDim, bias, bias, false, true), Qwen2.windows(config)));
    }
}
