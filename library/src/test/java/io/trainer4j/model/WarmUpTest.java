package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** What is compiled beforehand is what the model will run. */
class WarmUpTest {
    private static final LoadOptions AS_STORED = new LoadOptions().dtype(LoadOptions.Dtype.AUTO);

    private static ModelConfig config(String fields) {
        return ModelConfig.of((ObjectNode) ModelConfig.JSON.readTree("{\"model_type\": \"qwen2\"" + fields + "}"));
    }

    @ParameterizedTest
    @CsvSource({
        "dtype, bfloat16, BFLOAT16",
        "torch_dtype, float16, FLOAT16",
        "dtype, float32, FLOAT32",
        "nothing, '', FLOAT32"
    })
    void weightsAsStoredHaveTheTypeOfTheConfiguration(String key, String type, WeightForm form) {
        assertThat(WarmUp.forms(config(", \"%s\": \"%s\"".formatted(key, type)), AS_STORED))
                .containsExactly(form);
    }

    @Test
    void quantizedFoldersMixFourAndEightBits() {
        assertThat(WarmUp.forms(config(", \"dtype\": \"float32\", \"quantization_config\": {}"), AS_STORED))
                .containsExactly(WeightForm.AUTO, WeightForm.INT8);
    }

    @Test
    void whatTheOptionsSayGoesFirst() {
        assertThat(WarmUp.forms(config(", \"dtype\": \"bfloat16\""), new LoadOptions().loadIn8bit(true)))
                .containsExactly(WeightForm.INT8);
    }

    /** The leak checker sees what it leaves behind. */
    @ParameterizedTest
    @EnumSource(LoadOptions.Dtype.class)
    void itEndsWhenItIsClosed(LoadOptions.Dtype dtype) {
        WarmUp warmUp = WarmUp.begin(config(""), new LoadOptions().dtype(dtype));
        warmUp.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("trainer4j-warm-up"));
    }
}
