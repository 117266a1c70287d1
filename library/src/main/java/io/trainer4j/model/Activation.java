package io.trainer4j.model;

import io.trainer4j.TrainerException;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A feed-forward network's non-linearity. */
enum Activation {
    SILU,
    GELU,
    /** GELU by its approximation with tanh. */
    GELU_TANH,
    RELU,
    TANH;

    /**
     * Reads a name of {@code transformers/activations.py} from the configuration.
     *
     * @param key such as {@code hidden_act}
     * @param byDefault the family's own, where the key is absent
     */
    static Activation of(ModelConfig config, String key, String byDefault) {
        String name = config.json().path(key).asString(byDefault);
        return switch (name) {
            case "silu", "swish" -> SILU;
            case "gelu", "gelu_python" -> GELU;
            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_python_tanh" -> GELU_TANH;
            case "relu" -> RELU;
            case "tanh" -> TANH;
            default ->
                throw new TrainerException(config.source() + " asks for " + key + " \"" + name
                        + "\", which this version does not compute; it computes silu, gelu, gelu_new and relu.");
        };
    }

    Tensor apply(Tensor x) {
        return switch (this) {
            case SILU -> torch.silu(x);
            case GELU -> torch.gelu(x);
            case GELU_TANH -> torch.gelu(x, "tanh");
            case RELU -> torch.relu(x);
            case TANH -> torch.tanh(x);
        };
    }
}
