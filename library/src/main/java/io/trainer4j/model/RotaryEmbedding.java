package io.trainer4j.model;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.JsonNode;

/**
 * Rotary position embedding: the angle by which each pair of a head's dimensions turns per position.
 *
 * @param inverseFrequencies radians per position, {@code [D/2]}
 * @see <a href="https://arxiv.org/abs/2104.09864">RoFormer</a>; scaling as {@code transformers/modeling_rope_utils.py}
 */
record RotaryEmbedding(float[] inverseFrequencies) {

    /** Cosine and sine per position, {@code [T, D]} each. */
    record Angles(Tensor cos, Tensor sin) {
        /** Rotates {@code x [B, N, T, D]}. */
        Tensor rotate(Tensor x) {
            long half = x.size(-1) / 2;
            Tensor turned = torch.cat(new TensorVector(x.narrow(-1, half, half).neg(), x.narrow(-1, 0, half)), -1);
            return x.mul(cos).add(turned.mul(sin));
        }
    }

    /** Reads {@code rope_parameters} (transformers 5) or {@code rope_theta} and {@code rope_scaling} (transformers 4). */
    static RotaryEmbedding from(ModelConfig config, int headDim) {
        JsonNode json = config.json();
        JsonNode rope = json.path("rope_parameters");
        JsonNode scaling = rope.isObject() ? rope : json.path("rope_scaling");
        double theta = rope.path("rope_theta").asDouble(json.path("rope_theta").asDouble(10_000));
        float[] frequencies = new float[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) (1.0 / Math.pow(theta, 2.0 * i / headDim));
        }
        String type = scaling.path("rope_type").asString(scaling.path("type").asString("default"));
        switch (type) {
            case "default" -> {}
            case "llama3" -> scaleLlama3(frequencies, config, scaling);
            default ->
                throw new TrainerException(config.source() + " asks for rope_type \"" + type
                        + "\", which this version does not compute; it computes default and llama3.");
        }
        return new RotaryEmbedding(frequencies);
    }

    private static void scaleLlama3(float[] frequencies, ModelConfig config, JsonNode scaling) {
        double factor = number(config, scaling, "factor");
        double low = number(config, scaling, "low_freq_factor");
        double high = number(config, scaling, "high_freq_factor");
        double context = number(config, scaling, "original_max_position_embeddings");
        for (int i = 0; i < frequencies.length; i++) {
            double wavelength = 2 * Math.PI / frequencies[i];
            if (wavelength > context / low) {
                frequencies[i] = (float) (frequencies[i] / factor);
            } else if (wavelength >= context / high) {
                double smooth = (context / wavelength - low) / (high - low);
                frequencies[i] = (float) ((1 - smooth) * frequencies[i] / factor + smooth * frequencies[i]);
            }
        }
    }

    private static double number(ModelConfig config, JsonNode scaling, String key) {
        if (!scaling.path(key).isNumber()) {
            throw new TrainerException(config.source() + " lacks the number \"" + key
                    + "\" of its rope scaling; copy the model's config.json again.");
        }
        return scaling.path(key).asDouble();
    }

    /** Angles of the positions {@code first ... first + length - 1}. */
    Angles angles(int first, int length) {
        float[] positions = new float[length];
        for (int t = 0; t < length; t++) {
            positions[t] = first + t;
        }
        try (Scope scope = Scope.open()) {
            Tensor turns = torch.outer(
                    TensorData.floats(positions, length),
                    TensorData.floats(inverseFrequencies, inverseFrequencies.length));
            Tensor both = torch.cat(new TensorVector(turns, turns), -1);
            return new Angles(scope.keep(both.cos()), scope.keep(both.sin()));
        }
    }
}
