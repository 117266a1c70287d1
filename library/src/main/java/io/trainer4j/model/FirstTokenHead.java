package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * An encoder's classification head: two linear maps of the first token with an activation between them.
 *
 * @param dense name of the first map, such as {@code bert.pooler.dense}
 * @param output name of the second, such as {@code classifier}
 * @param inputDropout probability before the first map
 * @param dropout probability before the second
 */
record FirstTokenHead(
        int hiddenSize,
        int numLabels,
        String dense,
        Activation activation,
        String output,
        double inputDropout,
        double dropout)
        implements ClassificationHead {

    @Override
    public List<ParameterSpec> parameters() {
        List<ParameterSpec> specs = new ArrayList<>();
        Linear.declare(specs, dense, hiddenSize, hiddenSize, true);
        Linear.declare(specs, output, numLabels, hiddenSize, true);
        return specs;
    }

    @Override
    public Tensor scores(Parameters parameters, ModelInput input, Tensor hidden, Pass pass) {
        Tensor starts = Device.of(hidden)
                .putNew(TensorData.longs(
                        input.firstTokens().stream().asLongStream().toArray()));
        Tensor tokens = hidden.view(-1, hiddenSize).index_select(0, starts);
        Tensor first = Layers.dropout(tokens, inputDropout, pass.training());
        Tensor pooled = activation.apply(Linear.of(parameters, dense, true).apply(first, pass));
        return Linear.of(parameters, output, true).apply(Layers.dropout(pooled, dropout, pass.training()), pass);
    }
}
