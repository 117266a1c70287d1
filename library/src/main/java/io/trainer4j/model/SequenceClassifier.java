package io.trainer4j.model;

import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.List;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A network with one score per class and sequence: over BERT's pooled first token, or over the last token of a decoder
 * (as {@code transformers/modeling_layers.py}, GenericForSequenceClassification).
 */
public final class SequenceClassifier extends PretrainedModel {
    private final boolean encoder;

    SequenceClassifier(ModelConfig config, Backbone backbone, WeightFiles files) {
        super(config, backbone, head(config, backbone), files);
        encoder = backbone instanceof Bert;
    }

    private static List<ParameterSpec> head(ModelConfig config, Backbone backbone) {
        long hidden = backbone.hiddenSize();
        return backbone instanceof Bert
                ? List.of(
                        ParameterSpec.weight("classifier.weight", config.numLabels(), hidden),
                        ParameterSpec.bias("classifier.bias", config.numLabels()))
                : List.of(ParameterSpec.weight("score.weight", config.numLabels(), hidden));
    }

    @Override
    Predicate<String> headMayBeNew(List<ParameterSpec> head) {
        return name -> name.startsWith("bert.pooler.")
                || head.stream().anyMatch(spec -> spec.name().equals(name));
    }

    @Override
    String architecture() {
        return switch (config().modelType()) {
            case "bert" -> "BertForSequenceClassification";
            case "llama" -> "LlamaForSequenceClassification";
            default -> "Qwen2ForSequenceClassification";
        };
    }

    @Override
    public Tensor logits(ModelInput input, Mode mode) {
        try (Scope scope = Scope.open()) {
            boolean training = mode == Mode.TRAIN;
            Tensor hidden = backbone().hiddenStates(input, null, training);
            return scope.keep(encoder ? classified((Bert) backbone(), hidden, training) : scored(input, hidden));
        }
    }

    private Tensor classified(Bert bert, Tensor hidden, boolean training) {
        return Linear.of(parameters(), "classifier", true).apply(bert.pooled(hidden, training));
    }

    private Tensor scored(ModelInput input, Tensor hidden) {
        long[] last = new long[input.rows()];
        for (int row = 0; row < last.length; row++) {
            last[row] = (long) row * input.length() + lastToken(input.attentionMask()[row]);
        }
        Tensor tokens = hidden.view(-1, hiddenSize()).index_select(0, TensorData.longs(last));
        return torch.linear(tokens, parameters().get("score.weight"));
    }

    private static int lastToken(int[] mask) {
        int last = mask.length - 1;
        while (last > 0 && mask[last] == 0) {
            last--;
        }
        return last;
    }
}
