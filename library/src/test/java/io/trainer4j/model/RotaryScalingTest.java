package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Frequencies of {@code ROPE_INIT_FUNCTIONS} in transformers 5.17 with a base of 10000. */
class RotaryScalingTest {
    /** Settings; positions of the model, head size, length of the text; frequencies; factor on cosine and sine. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'rope_type': 'default' | 64 | 8 | 1 | 1 0.1 0.01 0.001 | 1
            'rope_type': 'linear', 'factor': 4.0 | 64 | 8 | 1 | 0.25 0.025 0.0025 0.00025 | 1
            'type': 'linear', 'factor': 4 | 64 | 8 | 99 | 0.25 0.025 0.0025 0.00025 | 1
            'rope_type': 'dynamic', 'factor': 2.0 | 64 | 8 | 64 | 1 0.1 0.01 0.001 | 1
            'rope_type': 'dynamic', 'factor': 2.0 | 64 | 8 | 128 | 1 0.069336124 0.0048074983 0.00033333333 | 1
            'rope_type': 'dynamic', 'factor': 2.0 | 64 | 8 | 200 | 1 0.05753696 0.0033105016 0.00019047619 | 1
            'rope_type': 'yarn', 'factor': 4.0, 'original_max_position_embeddings': 16 | 64 | 8 | 1 | 1 0.025 0.0025 0.00025 | 1.138629436111989
            'rope_type': 'yarn', 'original_max_position_embeddings': 16 | 64 | 8 | 1 | 1 0.025 0.0025 0.00025 | 1.138629436111989
            'rope_type': 'yarn', 'factor': 4.0, 'original_max_position_embeddings': 1024, 'beta_fast': 16.0, 'beta_slow': 2.0 | 4096 | 16 | 1 | 1 0.31622776 0.1 0.019764237 0.0025 0.00079056947 0.00025 7.9056947e-05 | 1.138629436111989
            'rope_type': 'yarn', 'factor': 4.0, 'original_max_position_embeddings': 1024, 'truncate': false | 4096 | 16 | 1 | 1 0.31622776 0.085398637 0.019126777 0.0035569714 0.00079056947 0.00025 7.9056947e-05 | 1.138629436111989
            'rope_type': 'yarn', 'factor': 4.0, 'original_max_position_embeddings': 16, 'attention_factor': 0.7 | 64 | 8 | 1 | 1 0.025 0.0025 0.00025 | 0.7
            'rope_type': 'yarn', 'factor': 40.0, 'original_max_position_embeddings': 16, 'mscale': 0.707, 'mscale_all_dim': 1.0 | 64 | 8 | 1 | 1 0.0025 0.00025 0.000025 | 0.9210423553163399
            'rope_type': 'llama3', 'factor': 8.0, 'low_freq_factor': 1.0, 'high_freq_factor': 4.0, 'original_max_position_embeddings': 64 | 64 | 16 | 1 | 1 0.24438459 0.013042256 0.0039528473 0.00125 0.00039528473 0.000125 3.9528473e-05 | 1
            """, quoteCharacter = '`')
    void frequenciesAreThoseOfPython(
            String settings, int positions, int headDim, int length, String frequencies, double factor) {
        RotaryScaling scaling = rotary(settings, positions, headDim).scaling();
        String[] expected = frequencies.split(" ", -1);
        float[] actual = scaling.inverseFrequencies(length);
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            float wanted = Float.parseFloat(expected[i]);
            assertThat(actual[i]).as("frequency %s", i).isCloseTo(wanted, within(wanted * 2e-6f));
        }
        assertThat(scaling.attentionFactor()).isCloseTo(factor, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'rope_type': 'linear' | lacks the number "factor" of its rope scaling
            'rope_type': 'linear', 'factor': 'two' | lacks the number "factor" of its rope scaling
            'rope_type': 'dynamic' | lacks the number "factor" of its rope scaling
            'rope_type': 'llama3', 'factor': 8 | lacks the number "low_freq_factor" of its rope scaling
            'rope_type': 'longrope' | asks for rope_type "longrope", which this version does not compute
            """)
    void whatCannotBeComputedIsNamed(String settings, String message) {
        assertThatThrownBy(() -> rotary(settings, 64, 8))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theAttentionFactorMultipliesCosineAndSine() {
        try (Scope scope = Scope.open()) {
            RotaryEmbedding.Angles angles =
                    new RotaryEmbedding(new RotaryScaling(length -> new float[] {0.5f}, 2)).angles(1, 1);
            float cos = (float) Math.cos(0.5);
            float sin = (float) Math.sin(0.5);
            assertThat(TensorData.toFloats(angles.cos()))
                    .containsExactly(new float[] {2 * cos, 2 * cos}, within(1e-6f));
            assertThat(TensorData.toFloats(angles.sin()))
                    .containsExactly(new float[] {2 * sin, 2 * sin}, within(1e-6f));
        }
    }

    @Test
    void aDynamicBaseFollowsTheLengthOfTheWholeText() {
        RotaryEmbedding rope = rotary("'rope_type': 'dynamic', 'factor': 2.0", 64, 8);
        try (Scope scope = Scope.open()) {
            float[] within = TensorData.toFloats(rope.angles(10, 1).cos());
            float[] beyond = TensorData.toFloats(rope.angles(100, 28).cos());
            assertThat(within[1]).isCloseTo((float) Math.cos(10 * 0.1), within(1e-5f));
            assertThat(beyond[1]).isCloseTo((float) Math.cos(100 * 0.069336124), within(1e-5f));
        }
    }

    @Test
    void turningKeepsTheLengthOfAVector() {
        try (Scope scope = Scope.open()) {
            RotaryEmbedding rope = rotary("'rope_type': 'default'", 64, 8);
            float[] turned = TensorData.toFloats(
                    rope.angles(17, 1).rotate(TensorData.floats(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 1, 8)));
            double square = 0;
            for (float value : turned) {
                square += value * value;
            }
            assertThat(square).isCloseTo(204, within(1e-3));
        }
    }

    private static RotaryEmbedding rotary(String settings, int positions, int headDim) {
        ObjectNode json = (ObjectNode) ModelConfig.JSON.readTree("{\"max_position_embeddings\": " + positions
                + ", \"rope_parameters\": {\"rope_theta\": 10000.0, " + settings.replace('\'', '"') + "}}");
        return RotaryEmbedding.from(ModelConfig.of(json), headDim);
    }
}
