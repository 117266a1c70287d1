package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** The frequencies are {@code inv_freq} of transformers 5.17's LlamaRotaryEmbedding with head size 16. */
class RotaryEmbeddingTest {
    private static final float[] THETA_MILLION = {
        1.0f, 0.17782794f, 0.03162278f, 0.005623413f, 0.001f, 1.7782794e-4f, 3.1622774e-5f, 5.6234135e-6f
    };
    private static final float[] LLAMA3 = {
        1.0f, 0.19392276f, 0.03760603f, 0.007292665f, 5.24846e-4f, 3.4281024e-5f, 6.6478697e-6f, 1.2891732e-6f
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"rope_theta\": 1000000.0}",
                "{\"rope_theta\": 1000000.0, \"rope_scaling\": null}",
                "{\"rope_theta\": 1000000, \"rope_scaling\": {\"type\": \"default\"}}",
                "{\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 1000000.0}}"
            })
    void thetaIsReadAsOldAndNewFilesWriteIt(String json) {
        assertFrequencies(json, THETA_MILLION);
    }

    @Test
    void llama3StretchesTheLongWaves() {
        String numbers = "\"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
                + " \"original_max_position_embeddings\": 8192";
        assertFrequencies(
                "{\"rope_parameters\": {\"rope_type\": \"llama3\", \"rope_theta\": 500000.0, " + numbers + "}}",
                LLAMA3);
        assertFrequencies(
                "{\"rope_theta\": 500000.0, \"rope_scaling\": {\"rope_type\": \"llama3\", " + numbers + "}}", LLAMA3);
    }

    @Test
    void anglesContinueAtTheGivenPosition() {
        try (Scope scope = Scope.open()) {
            RotaryEmbedding rope = turning(1, 0.5f);
            RotaryEmbedding.Angles angles = rope.angles(3, 2);
            assertThat(TensorData.toFloats(angles.cos())).containsExactly(cosines(3, 1.5, 3, 1.5, 4, 2, 4, 2));
        }
    }

    @Test
    void anglesLieWhereTheyAreNeeded() {
        Device meta = new Device(DeviceType.Meta);
        try (Scope scope = Scope.open()) {
            RotaryEmbedding.Angles angles =
                    turning(1).angles(ModelInput.packed(new int[] {1, 2}, new int[] {3}), 0, Pass.of(Mode.EVAL), meta);
            assertThat(Device.of(angles.cos())).isEqualTo(meta);
            assertThat(Device.of(angles.sin())).isEqualTo(meta);
            assertThat(angles.cos().shape()).containsExactly(3, 2);
        }
    }

    @Test
    void rotationTurnsTheFirstHalfAgainstTheSecond() {
        try (Scope scope = Scope.open()) {
            RotaryEmbedding.Angles quarter = turning((float) (Math.PI / 2)).angles(1, 1);
            Tensor turned = quarter.rotate(TensorData.floats(new float[] {3, 4}, 1, 1, 1, 2));
            assertThat(TensorData.toFloats(turned)).containsExactly(new float[] {-4, 3}, within(1e-6f));
        }
    }

    private static RotaryEmbedding turning(float... frequencies) {
        return new RotaryEmbedding(new RotaryScaling(length -> frequencies, 1));
    }

    private static float[] cosines(double... angles) {
        float[] result = new float[angles.length];
        for (int i = 0; i < angles.length; i++) {
            result[i] = (float) Math.cos(angles[i]);
        }
        return result;
    }

    private static void assertFrequencies(String json, float[] expected) {
        ModelConfig config = ModelConfig.of((ObjectNode) ModelConfig.JSON.readTree(json));
        float[] actual = RotaryEmbedding.from(config, 16).scaling().inverseFrequencies(1);
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-6f * expected[i]));
        }
    }
}
