package io.trainer4j.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * An affine map.
 *
 * @param bias {@code [out]}, or null
 * @param lora what an adapter adds, or null
 */
record Linear(Weight weight, Tensor bias, LoraLayer lora) {
    /** Adds {@code name.weight [out, in]} and, where there is one, {@code name.bias [out]}. */
    static void declare(List<ParameterSpec> specs, String name, long out, long in, boolean hasBias) {
        specs.add(ParameterSpec.weight(name + ".weight", out, in).as(ParameterSpec.Role.LINEAR));
        if (hasBias) {
            specs.add(ParameterSpec.bias(name + ".bias", out));
        }
    }

    /** Takes {@code name.weight} and, where there is one, {@code name.bias}. */
    static Linear of(Parameters parameters, String name, boolean hasBias) {
        return new Linear(
                parameters.weight(name + ".weight", false),
                hasBias ? parameters.get(name + ".bias") : null,
                parameters.lora(name));
    }

    /** As {@link #of}, with a weight stored as {@code [in, out]}: {@code Conv1D} in transformers/pytorch_utils.py. */
    static Linear ofConv1D(Parameters parameters, String name) {
        return new Linear(
                parameters.weight(name + ".weight", true), parameters.get(name + ".bias"), parameters.lora(name));
    }

    /** {@code x [..., in]} to {@code [..., out]}. */
    Tensor apply(Tensor x, Pass pass) {
        return lora == null ? pass.product(x, weight, bias) : lora.apply(x, weight, bias, pass);
    }
}
