package io.trainer4j.model;

import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/** Qwen2 and Qwen2.5: query, key and value with bias, some layers with a sliding window if asked for. */
final class Qwen2 {
    private Qwen2() {}

    static Decoder decoder(ModelConfig config) {
        int headDim = DecoderConfig.headDim(config);
        return new Decoder(DecoderConfig.of(
                config, new DecoderConfig.Variant("Qwen2", headDim, true, false, false, false), windows(config)));
    }

    /** One window per layer: by {@code layer_types}, else from layer {@code max_window_layers} on. */
    static int[] windows(ModelConfig config) {
        int[] windows = new int[config.integer("num_hidden_layers")];
        Arrays.fill(windows, CausalMasks.UNLIMITED);
        if (config.flag("use_sliding_window")) {
            JsonNode types = config.json().path("layer_types");
            int firstSliding = config.integer("max_window_layers", 28);
            for (int i = 0; i < windows.length; i++) {
                boolean sliding =
                        types.isArray() ? types.path(i).asString("").equals("sliding_attention") : i >= firstSliding;
                if (sliding) {
                    windows[i] = config.integer("sliding_window", 4096);
                }
            }
        }
        return windows;
    }
}
