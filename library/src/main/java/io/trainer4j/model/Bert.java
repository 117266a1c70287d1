package io.trainer4j.model;

import static io.trainer4j.model.ParameterSpec.weight;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * BERT: learned positions and segments, and a classifier over a pooled first token.
 *
 * @see <a href="https://github.com/huggingface/transformers">transformers/models/bert/modeling_bert.py</a>
 */
final class Bert extends Encoder {
    static final EncoderLayer.Names NAMES = new EncoderLayer.Names(
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm",
            true);

    private final int tokenTypes;
    private final double classifierDropout;
    private TokenEmbedding words;
    private Tensor positions;
    private Tensor segments;

    Bert(ModelConfig config) {
        super(EncoderConfig.ofBert(config, 0), "bert.", "encoder.layer.", NAMES);
        tokenTypes = config.integer("type_vocab_size", 2);
        classifierDropout = config.number("classifier_dropout", config().hiddenDropout());
    }

    @Override
    List<ParameterSpec> embeddings() {
        int hidden = config().hiddenSize();
        List<ParameterSpec> specs = new ArrayList<>();
        specs.add(weight(embeddingName(), config().vocabSize(), hidden).as(ParameterSpec.Role.EMBEDDING));
        specs.add(weight("bert.embeddings.position_embeddings.weight", config().maxPositions(), hidden));
        specs.add(weight("bert.embeddings.token_type_embeddings.weight", tokenTypes, hidden));
        LayerNorm.declare(specs, embeddingNorm(), hidden);
        return specs;
    }

    @Override
    String embeddingNorm() {
        return "bert.embeddings.LayerNorm";
    }

    @Override
    void bindEmbeddings(Parameters parameters) {
        words = TokenEmbedding.of(parameters, embeddingName());
        positions = parameters.get("bert.embeddings.position_embeddings.weight");
        segments = parameters.get("bert.embeddings.token_type_embeddings.weight");
    }

    @Override
    Tensor embedded(ModelInput input, Tensor ids, Pass pass) {
        input.requireFitting(0, config().maxPositions());
        Device device = Device.of(ids);
        Tensor types = input.tokenTypeIds() == null
                ? torch.zeros_like(ids)
                : device.putNew(TensorData.ints(input.tokenTypeIds()));
        return embeddingNoise()
                .apply(words.apply(ids, config().paddingIndex(), pass), pass)
                .add(torch.embedding(Layers.full(segments), types))
                .add(inOrder(positions, input));
    }

    @Override
    public String architecture(Task task) {
        return task.of("Bert");
    }

    @Override
    public ClassificationHead classificationHead(int numLabels) {
        return new FirstTokenHead(
                config().hiddenSize(),
                numLabels,
                "bert.pooler.dense",
                Activation.TANH,
                "classifier",
                0,
                classifierDropout);
    }

    @Override
    MaskedHead maskedHead() {
        String transform = "cls.predictions.transform.";
        String bias = "cls.predictions.bias";
        int hidden = config().hiddenSize();
        List<ParameterSpec> specs = new ArrayList<>();
        specs.add(ParameterSpec.bias(bias, config().vocabSize()));
        Linear.declare(specs, transform + "dense", hidden, hidden, true);
        LayerNorm.declare(specs, transform + "LayerNorm", hidden);
        return new MaskedHead(
                specs,
                transform + "dense",
                config().activation(),
                transform + "LayerNorm",
                bias,
                config().normEpsilon());
    }
}
