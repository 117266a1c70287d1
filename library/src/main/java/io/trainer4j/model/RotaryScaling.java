package io.trainer4j.model;

import io.trainer4j.TrainerException;
import java.util.function.IntFunction;
import tools.jackson.databind.JsonNode;

/**
 * How a {@link RotaryEmbedding} is stretched for texts longer than those of pretraining.
 *
 * @param byLength radians per position, {@code [headDim / 2]}, for a text of that many tokens
 * @param attentionFactor what cosine and sine are multiplied by
 * @see <a href="https://github.com/huggingface/transformers">transformers/modeling_rope_utils.py</a>
 */
record RotaryScaling(IntFunction<float[]> byLength, double attentionFactor) {

    static RotaryScaling of(ModelConfig config, JsonNode json, RotaryEmbedding.Frequencies plain) {
        Numbers numbers = new Numbers(config, json);
        String type = json.path("rope_type").asString(json.path("type").asString("default"));
        return switch (type) {
            case "default" -> constant(plain.inverse());
            case "linear" -> constant(linear(plain, numbers.get("factor")));
            case "dynamic" -> dynamic(plain, numbers);
            case "llama3" -> constant(llama3(plain, numbers));
            case "yarn" -> yarn(plain, numbers);
            default ->
                throw new TrainerException(config.source() + " asks for rope_type \"" + type
                        + "\", which this version does not compute; it computes default, linear, dynamic, llama3 and"
                        + " yarn.");
        };
    }

    float[] inverseFrequencies(int textLength) {
        return byLength.apply(textLength);
    }

    private static RotaryScaling constant(float[] frequencies) {
        return new RotaryScaling(length -> frequencies, 1);
    }

    /** The numbers of {@code rope_parameters} or {@code rope_scaling}. */
    private record Numbers(ModelConfig config, JsonNode json) {
        double get(String key) {
            if (!json.path(key).isNumber()) {
                throw new TrainerException(config.source() + " lacks the number \"" + key
                        + "\" of its rope scaling; copy the model's config.json again.");
            }
            return json.path(key).asDouble();
        }

        double get(String key, double byDefault) {
            return json.path(key).asDouble(byDefault);
        }

        /** Context of pretraining, by default the model's own. */
        double originalPositions() {
            return get("original_max_position_embeddings", config.declaredPositions());
        }
    }

    private static float[] linear(RotaryEmbedding.Frequencies plain, double factor) {
        float[] frequencies = plain.inverse();
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) (frequencies[i] / factor);
        }
        return frequencies;
    }

    /** A base that grows with the text, once it is longer than the model's context. */
    private static RotaryScaling dynamic(RotaryEmbedding.Frequencies plain, Numbers numbers) {
        double factor = numbers.get("factor");
        double context = numbers.config().integer("max_position_embeddings");
        double dims = plain.headDim();
        float[] unscaled = plain.inverse();
        return new RotaryScaling(
                length -> {
                    if (length <= context) {
                        return unscaled;
                    }
                    double growth = factor * length / context - (factor - 1);
                    double theta = plain.theta() * Math.pow(growth, dims / (dims - 2));
                    return new RotaryEmbedding.Frequencies(theta, plain.headDim()).inverse();
                },
                1);
    }

    /** Long waves are stretched, short ones stay, those between change gradually. */
    private static float[] llama3(RotaryEmbedding.Frequencies plain, Numbers numbers) {
        double factor = numbers.get("factor");
        double low = numbers.get("low_freq_factor");
        double high = numbers.get("high_freq_factor");
        double context = numbers.originalPositions();
        float[] frequencies = plain.inverse();
        for (int i = 0; i < frequencies.length; i++) {
            double wavelength = 2 * Math.PI / frequencies[i];
            if (wavelength > context / low) {
                frequencies[i] = (float) (frequencies[i] / factor);
            } else if (wavelength >= context / high) {
                double smooth = (context / wavelength - low) / (high - low);
                frequencies[i] = (float) ((1 - smooth) * frequencies[i] / factor + smooth * frequencies[i]);
            }
        }
        return frequencies;
    }

    /**
     * Dimensions that turn often within the original context stay, those that turn rarely are stretched, with a ramp between;
     * attention is sharpened to make up for it.
     *
     * @see <a href="https://arxiv.org/abs/2309.00071">YaRN</a>
     */
    private static RotaryScaling yarn(RotaryEmbedding.Frequencies plain, Numbers numbers) {
        double context = numbers.originalPositions();
        double factor = numbers.get("factor", numbers.config().declaredPositions() / context);
        double first = turningDimension(plain, numbers.get("beta_fast", 32), context);
        double last = turningDimension(plain, numbers.get("beta_slow", 1), context);
        if (numbers.json().path("truncate").asBoolean(true)) {
            first = Math.floor(first);
            last = Math.ceil(last);
        }
        first = Math.max(first, 0);
        last = Math.min(last, plain.headDim() - 1);
        double width = first == last ? 0.001 : last - first;
        float[] frequencies = plain.inverse();
        for (int i = 0; i < frequencies.length; i++) {
            double stretched = Math.min(Math.max((i - first) / width, 0), 1);
            frequencies[i] = (float) (frequencies[i] / factor * stretched + frequencies[i] * (1 - stretched));
        }
        return new RotaryScaling(length -> frequencies, yarnAttentionFactor(numbers, factor));
    }

    /** The dimension whose wave turns that often within the context. */
    private static double turningDimension(RotaryEmbedding.Frequencies plain, double turns, double context) {
        return plain.headDim() * Math.log(context / (turns * 2 * Math.PI)) / (2 * Math.log(plain.theta()));
    }

    private static double yarnAttentionFactor(Numbers numbers, double factor) {
        double mscale = numbers.get("mscale", 0);
        double allDimensions = numbers.get("mscale_all_dim", 0);
        double byDefault = mscale != 0 && allDimensions != 0
                ? sharpening(factor, mscale) / sharpening(factor, allDimensions)
                : sharpening(factor, 1);
        return numbers.get("attention_factor", byDefault);
    }

    private static double sharpening(double factor, double mscale) {
        return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
    }
}
