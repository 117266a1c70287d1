package io.trainer4j.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * An affine map.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]}, or null
 */
record Linear(Tensor weight, Tensor bias) {
    /** Adds {@code name.weight [out, in]} and, where there is one, {@code name.bias [out]}. */
    static void declare(List<ParameterSpec> specs, String name, long out, long in, boolean hasBias) {
        specs.add(ParameterSpec.weight(name + ".weight", out, in));
        if (hasBias) {
            specs.add(ParameterSpec.bias(name + ".bias", out));
        }
    }

    /** Takes {@code name.weight} and, where there is one, {@code name.bias}. */
    static Linear of(Parameters parameters, String name, boolean hasBias) {
        return new Linear(parameters.get(name + ".weight"), hasBias ? parameters.get(name + ".bias") : null);
    }

    /** {@code x [..., in]} to {@code [..., out]}. */
    Tensor apply(Tensor x) {
        return Layers.linear(x, weight, bias);
    }
}
