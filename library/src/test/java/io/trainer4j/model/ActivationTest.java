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

/** Values of {@code ACT2FN} in transformers 5.17. */
class ActivationTest {
    private static final float[] INPUTS = {-10, -3, -1, -0.5f, 0, 0.5f, 1, 3, 10};

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SILU | -0.00045397872 -0.14227761 -0.26894143 -0.18877034 0.0 0.31122968 0.7310586 2.8577225 9.9995461
            GELU | 0.0 -0.0040498674 -0.15865529 -0.15426879 0.0 0.3457312 0.84134471 2.9959502 10.0
            GELU_TANH | -0.0 -0.0036374331 -0.15880799 -0.154286 0.0 0.345714 0.84119201 2.9963627 10.0
            RELU | 0.0 0.0 0.0 0.0 0.0 0.5 1.0 3.0 10.0
            TANH | -1.0 -0.99505478 -0.76159418 -0.46211717 0.0 0.46211717 0.76159418 0.99505478 1.0
            """)
    void valuesAreThoseOfPython(Activation activation, String expected) {
        String[] values = expected.split(" ", -1);
        try (Scope scope = Scope.open()) {
            float[] results = TensorData.toFloats(activation.apply(TensorData.floats(INPUTS, INPUTS.length)));
            for (int i = 0; i < results.length; i++) {
                assertThat(results[i]).as("at %s", INPUTS[i]).isCloseTo(Float.parseFloat(values[i]), within(1e-6f));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "silu, SILU",
        "swish, SILU",
        "gelu, GELU",
        "gelu_python, GELU",
        "gelu_new, GELU_TANH",
        "gelu_fast, GELU_TANH",
        "gelu_pytorch_tanh, GELU_TANH",
        "gelu_python_tanh, GELU_TANH",
        "relu, RELU",
        "tanh, TANH"
    })
    void everyNameOfPythonIsKnown(String name, Activation expected) {
        ModelConfig config = ModelConfig.of(ModelConfig.JSON.createObjectNode().put("hidden_act", name));
        assertThat(Activation.of(config, "hidden_act", "gelu")).isEqualTo(expected);
        assertThat(Activation.of(config, "activation_function", "tanh")).isEqualTo(Activation.TANH);
    }

    @Test
    void anUnknownNameIsRefusedWithItsKey() {
        ModelConfig config = ModelConfig.of(ModelConfig.JSON.createObjectNode().put("hidden_act", "mish"));
        assertThatThrownBy(() -> Activation.of(config, "hidden_act", "gelu"))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("asks for hidden_act \"mish\", which this version does not compute");
    }
}
