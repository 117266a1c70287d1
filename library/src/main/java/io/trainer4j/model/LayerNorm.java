package io.trainer4j.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Normalisation to mean 0 and variance 1 over the last dimension, then an affine map.
 *
 * @param scale {@code [H]}
 * @param bias {@code [H]}
 */
record LayerNorm(Tensor scale, Tensor bias, double epsilon) {
    /** Adds {@code name.weight} and {@code name.bias}. */
    static void declare(List<ParameterSpec> specs, String name, long size) {
        specs.add(ParameterSpec.scale(name + ".weight", size));
        specs.add(ParameterSpec.bias(name + ".bias", size));
    }

    /** Takes {@code name.weight} and {@code name.bias}. */
    static LayerNorm of(Parameters parameters, String name, double epsilon) {
        return new LayerNorm(parameters.get(name + ".weight"), parameters.get(name + ".bias"), epsilon);
    }

    Tensor apply(Tensor x) {
        return torch.layer_norm(
                x,
                new long[] {scale.size(0)},
                new TensorOptional(Layers.as(scale, x)),
                new TensorOptional(Layers.as(bias, x)),
                epsilon,
                true);
    }
}
