package io.trainer4j.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * An encoder's language-model head: a linear map, an activation and a norm, then the token embedding as output matrix with
 * a bias of its own.
 *
 * @param parameters in the order in which Python initialises them
 * @param dense name of the linear map
 * @param norm name of the norm
 * @param bias name of the output's bias, {@code [vocabulary]}
 */
record MaskedHead(
        List<ParameterSpec> parameters, String dense, Activation activation, String norm, String bias, double epsilon) {

    /**
     * Scores before softmax.
     *
     * @param hidden {@code [..., H]}
     * @param embedding {@code [vocabulary, H]}
     * @return {@code [..., vocabulary]}
     */
    Tensor scores(Parameters weights, Tensor hidden, Weight embedding, Pass pass) {
        Tensor transformed = activation.apply(Linear.of(weights, dense, true).apply(hidden, pass));
        Tensor normalised = LayerNorm.of(weights, norm, epsilon).apply(transformed);
        return pass.product(normalised, embedding, weights.get(bias));
    }
}
