package io.trainer4j.model;

import static io.trainer4j.model.ParameterSpec.weight;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * RoBERTa: BERT with positions that count from behind the padding token's id, tokens only, and a classifier of its own.
 *
 * @see <a href="https://github.com/huggingface/transformers">transformers/models/roberta/modeling_roberta.py</a>
 */
final class Roberta extends Encoder {
    private final int tokenTypes;
    private final double classifierDropout;
    private TokenEmbedding words;
    private Tensor positions;
    private Tensor segments;

    Roberta(ModelConfig config) {
        super(EncoderConfig.ofBert(config, 1), "roberta.", "encoder.layer.", Bert.NAMES);
        tokenTypes = config.integer("type_vocab_size", 2);
        classifierDropout = config.number("classifier_dropout", config().hiddenDropout());
    }

    @Override
    List<ParameterSpec> embeddings() {
        int hidden = config().hiddenSize();
        List<ParameterSpec> specs = new ArrayList<>();
        specs.add(weight(embeddingName(), config().vocabSize(), hidden).as(ParameterSpec.Role.EMBEDDING));
        specs.add(weight("roberta.embeddings.token_type_embeddings.weight", tokenTypes, hidden));
        LayerNorm.declare(specs, embeddingNorm(), hidden);
        specs.add(weight("roberta.embeddings.position_embeddings.weight", config().maxPositions(), hidden));
        return specs;
    }

    @Override
    String embeddingNorm() {
        return "roberta.embeddings.LayerNorm";
    }

    @Override
    void bindEmbeddings(Parameters parameters) {
        words = TokenEmbedding.of(parameters, embeddingName());
        positions = parameters.get("roberta.embeddings.position_embeddings.weight");
        segments = parameters.get("roberta.embeddings.token_type_embeddings.weight");
    }

    /** Those up to the padding token's id are not for tokens: 512 of 514 in the published models. */
    @Override
    public int maxPositions(ModelConfig config) {
        return config().maxPositions() - config().paddingIndex() - 1;
    }

    @Override
    Tensor embedded(ModelInput input, Tensor ids, Pass pass) {
        int padding = config().paddingIndex();
        input.requireFitting(0, config().maxPositions() - padding - 1);
        Device device = Device.of(ids);
        Tensor types = input.tokenTypeIds() == null
                ? torch.zeros_like(ids)
                : device.putNew(TensorData.ints(input.tokenTypeIds()));
        Tensor places = device.putNew(TensorData.ints(positions(input, padding)));
        return embeddingNoise()
                .apply(words.apply(ids, padding, pass), pass)
                .add(torch.embedding(Layers.full(segments), types))
                .add(torch.embedding(Layers.full(positions), places, padding, false, false));
    }

    /** Tokens are numbered from {@code padding + 1}, padding is {@code padding}. */
    private static int[][] positions(ModelInput input, int padding) {
        int length = input.length();
        BitSet first = input.firstTokens();
        int[][] positions = new int[input.rows()][length];
        int last = padding;
        for (int i = 0; i < input.rows() * length; i++) {
            last = first.get(i) ? padding : last;
            boolean isToken = input.inputIds()[i / length][i % length] != padding;
            positions[i / length][i % length] = isToken ? ++last : padding;
        }
        return positions;
    }

    @Override
    public String architecture(Task task) {
        return task.of("Roberta");
    }

    @Override
    public ClassificationHead classificationHead(int numLabels) {
        return new FirstTokenHead(
                config().hiddenSize(),
                numLabels,
                "classifier.dense",
                Activation.TANH,
                "classifier.out_proj",
                classifierDropout,
                classifierDropout);
    }

    @Override
    MaskedHead maskedHead() {
        int hidden = config().hiddenSize();
        List<ParameterSpec> specs = new ArrayList<>();
        specs.add(ParameterSpec.bias("lm_head.bias", config().vocabSize()));
        Linear.declare(specs, "lm_head.dense", hidden, hidden, true);
        LayerNorm.declare(specs, "lm_head.layer_norm", hidden);
        return new MaskedHead(
                specs, "lm_head.dense", Activation.GELU, "lm_head.layer_norm", "lm_head.bias", config().normEpsilon());
    }
}
