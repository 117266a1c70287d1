package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.TensorData;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * A decoder's classification head: a linear map, without bias, of the last token that is not padding.
 *
 * @see <a href="https://github.com/huggingface/transformers">transformers/modeling_layers.py,
 *     GenericForSequenceClassification</a>
 */
record LastTokenHead(int hiddenSize, int numLabels) implements ClassificationHead {
    private static final String WEIGHT = "score.weight";

    @Override
    public List<ParameterSpec> parameters() {
        return List.of(ParameterSpec.weight(WEIGHT, numLabels, hiddenSize));
    }

    @Override
    public Tensor scores(Parameters parameters, ModelInput input, Tensor hidden, Pass pass) {
        Tensor last = Device.of(hidden).putNew(TensorData.longs(lastTokens(input)));
        Tensor tokens = hidden.view(-1, hiddenSize).index_select(0, last);
        return Linear.of(parameters, "score", false).apply(tokens, pass);
    }

    /** Indices into the flattened tokens, one for each document. */
    private static long[] lastTokens(ModelInput input) {
        if (input.isPacked()) {
            int[] ends = input.documents().clone();
            Arrays.parallelPrefix(ends, Integer::sum);
            return Arrays.stream(ends).mapToLong(end -> end - 1L).toArray();
        }
        long[] last = new long[input.rows()];
        for (int row = 0; row < last.length; row++) {
            last[row] = (long) row * input.length() + lastToken(input.attentionMask()[row]);
        }
        return last;
    }

    private static int lastToken(int[] mask) {
        int last = mask.length - 1;
        while (last > 0 && mask[last] == 0) {
            last--;
        }
        return last;
    }
}
