package io.trainer4j.model;

import org.bytedeco.pytorch.Tensor;

/**
 * An affine map.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]}, or null
 */
record Linear(Tensor weight, Tensor bias) {
    /** Takes {@code name.weight} and, where there is one, {@code name.bias}. */
    static Linear of(Parameters parameters, String name, boolean hasBias) {
        return new Linear(parameters.get(name + ".weight"), hasBias ? parameters.get(name + ".bias") : null);
    }

    /** {@code x [..., in]} to {@code [..., out]}. */
    Tensor apply(Tensor x) {
        return Layers.linear(x, weight, bias);
    }
}
