package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.JsonNode;

/**
 * Rotary position embedding: the angle by which each pair of a head's dimensions turns per position.
 *
 * @param scaling how the angles are changed for texts longer than those of pretraining
 * @see <a href="https://arxiv.org/abs/2104.09864">RoFormer</a>
 */
record RotaryEmbedding(RotaryScaling scaling) {

    /** Cosine and sine per position, {@code [T, D]} each. */
    record Angles(Tensor cos, Tensor sin) {
        /** Rotates {@code x [B, N, T, D]}. */
        Tensor rotate(Tensor x) {
            long half = x.size(-1) / 2;
            Tensor turned = torch.cat(new TensorVector(x.narrow(-1, half, half).neg(), x.narrow(-1, 0, half)), -1);
            return x.mul(cos).add(turned.mul(sin));
        }
    }

    /** Cosine and sine at one position, {@code [D / 2]} each. */
    record Turn(float[] cos, float[] sin) {
        /** Rotates the {@code D} values from {@code at} on. */
        void rotate(float[] x, int at) {
            int half = cos.length;
            for (int i = at; i < at + half; i++) {
                float first = x[i];
                float second = x[i + half];
                x[i] = first * cos[i - at] - second * sin[i - at];
                x[i + half] = second * cos[i - at] + first * sin[i - at];
            }
        }
    }

    /** What {@link #angles} gives for one position, without tensors. */
    Turn turn(int position) {
        float[] frequencies = scaling.inverseFrequencies(position + 1);
        float[] cos = new float[frequencies.length];
        float[] sin = new float[frequencies.length];
        for (int i = 0; i < frequencies.length; i++) {
            float angle = position * frequencies[i];
            cos[i] = (float) (Math.cos(angle) * scaling.attentionFactor());
            sin[i] = (float) (Math.sin(angle) * scaling.attentionFactor());
        }
        return new Turn(cos, sin);
    }

    /** Reads {@code rope_parameters} (transformers 5) or {@code rope_theta} and {@code rope_scaling} (transformers 4). */
    static RotaryEmbedding from(ModelConfig config, int headDim) {
        JsonNode json = config.json();
        JsonNode rope = json.path("rope_parameters");
        double theta = rope.path("rope_theta").asDouble(json.path("rope_theta").asDouble(10_000));
        return of(config, rope.isObject() ? rope : json.path("rope_scaling"), theta, headDim);
    }

    /**
     * An embedding with one scaling.
     *
     * @param scaling {@code rope_type} and the numbers it needs; may be missing or null
     * @param theta base of the frequencies
     */
    static RotaryEmbedding of(ModelConfig config, JsonNode scaling, double theta, int headDim) {
        return new RotaryEmbedding(RotaryScaling.of(config, scaling, new Frequencies(theta, headDim)));
    }

    /** The unscaled frequencies: {@code theta} to the power of {@code -2i / headDim}. */
    record Frequencies(double theta, int headDim) {
        /** Radians per position, {@code [headDim / 2]}. */
        float[] inverse() {
            float[] frequencies = new float[headDim / 2];
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] = (float) (1.0 / Math.pow(theta, 2.0 * i / headDim));
            }
            return frequencies;
        }
    }

    /**
     * Angles of an input's tokens, which the pass holds for its blocks.
     *
     * @param past tokens before these
     * @param device where they are needed
     */
    Angles angles(ModelInput input, int past, Pass pass, Device device) {
        try (Scope scope = Scope.open()) {
            Angles angles = angles(past, input.longest());
            if (input.isPacked()) {
                Tensor positions = TensorData.ints(input.positions());
                angles = new Angles(
                        angles.cos().index_select(0, positions), angles.sin().index_select(0, positions));
            }
            return new Angles(
                    scope.keep(pass.hold(device.putNew(angles.cos()))),
                    scope.keep(pass.hold(device.putNew(angles.sin()))));
        }
    }

    /** Angles of the positions {@code first ... first + length - 1}. */
    Angles angles(int first, int length) {
        float[] positions = new float[length];
        for (int t = 0; t < length; t++) {
            positions[t] = first + t;
        }
        float[] frequencies = scaling.inverseFrequencies(first + length);
        try (Scope scope = Scope.open()) {
            Tensor turns = torch.outer(
                    TensorData.floats(positions, length), TensorData.floats(frequencies, frequencies.length));
            Tensor both = torch.cat(new TensorVector(turns, turns), -1);
            return new Angles(scope.keep(scaled(both.cos())), scope.keep(scaled(both.sin())));
        }
    }

    private Tensor scaled(Tensor x) {
        return scaling.attentionFactor() == 1 ? x : x.mul(new Scalar(scaling.attentionFactor()));
    }
}
