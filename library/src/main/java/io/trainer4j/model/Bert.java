package io.trainer4j.model;

import static io.trainer4j.model.ParameterSpec.bias;
import static io.trainer4j.model.ParameterSpec.scale;
import static io.trainer4j.model.ParameterSpec.weight;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * BERT: post-norm blocks of bidirectional attention with learned positions, and a pooler over the first token.
 *
 * @see <a href="https://github.com/huggingface/transformers">transformers/models/bert/modeling_bert.py</a>
 */
final class Bert implements Backbone {
    private final BertConfig config;
    private final EmbeddingNoise embeddingNoise = new EmbeddingNoise();
    private Tensor words;
    private Tensor positions;
    private Tensor tokenTypes;
    private Norm embeddingNorm;
    private Linear pooler;
    private List<Layer> layers;

    Bert(BertConfig config) {
        this.config = config;
    }

    @Override
    public List<ParameterSpec> parameters() {
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        List<ParameterSpec> specs = new ArrayList<>();
        specs.add(weight("bert.embeddings.word_embeddings.weight", config.vocabSize(), hidden));
        specs.add(weight("bert.embeddings.position_embeddings.weight", config.maxPositions(), hidden));
        specs.add(weight("bert.embeddings.token_type_embeddings.weight", config.tokenTypes(), hidden));
        addNorm(specs, "bert.embeddings.LayerNorm");
        for (int i = 0; i < config.layers(); i++) {
            String layer = "bert.encoder.layer." + i + ".";
            addLinear(specs, layer + "attention.self.query", hidden, hidden);
            addLinear(specs, layer + "attention.self.key", hidden, hidden);
            addLinear(specs, layer + "attention.self.value", hidden, hidden);
            addLinear(specs, layer + "attention.output.dense", hidden, hidden);
            addNorm(specs, layer + "attention.output.LayerNorm");
            addLinear(specs, layer + "intermediate.dense", inner, hidden);
            addLinear(specs, layer + "output.dense", hidden, inner);
            addNorm(specs, layer + "output.LayerNorm");
        }
        addLinear(specs, "bert.pooler.dense", hidden, hidden);
        return specs;
    }

    private static void addLinear(List<ParameterSpec> specs, String name, long out, long in) {
        specs.add(weight(name + ".weight", out, in));
        specs.add(bias(name + ".bias", out));
    }

    private void addNorm(List<ParameterSpec> specs, String name) {
        specs.add(scale(name + ".weight", config.hiddenSize()));
        specs.add(bias(name + ".bias", config.hiddenSize()));
    }

    @Override
    public void bind(Parameters parameters) {
        words = parameters.get("bert.embeddings.word_embeddings.weight");
        positions = parameters.get("bert.embeddings.position_embeddings.weight");
        tokenTypes = parameters.get("bert.embeddings.token_type_embeddings.weight");
        embeddingNorm = new Norm(parameters, "bert.embeddings.LayerNorm");
        pooler = Linear.of(parameters, "bert.pooler.dense", true);
        layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new Layer(parameters, "bert.encoder.layer." + i + "."));
        }
    }

    @Override
    public String prefix() {
        return "bert.";
    }

    @Override
    public EmbeddingNoise embeddingNoise() {
        return embeddingNoise;
    }

    @Override
    public int hiddenSize() {
        return config.hiddenSize();
    }

    @Override
    public int vocabSize() {
        return config.vocabSize();
    }

    @Override
    public double initializerRange() {
        return config.initializerRange();
    }

    /** The classifier's view of a batch: {@code tanh} of a linear map of the first token's vector, {@code [B, H]}. */
    Tensor pooled(Tensor hiddenStates, boolean training) {
        Tensor first = hiddenStates.select(1, 0);
        return Layers.dropout(pooler.apply(first).tanh(), config.classifierDropout(), training);
    }

    @Override
    public Tensor hiddenStates(ModelInput input, KeyValueCache cache, boolean training) {
        if (input.length() > config.maxPositions()) {
            throw new TrainerException("A row has " + input.length() + " tokens but the model has positions for "
                    + config.maxPositions() + "; set --max-length " + config.maxPositions() + " or less.");
        }
        try (Scope scope = Scope.open()) {
            Tensor ids = input.ids(config.vocabSize());
            Tensor types =
                    input.tokenTypeIds() == null ? ids.mul(TensorData.longs(0)) : TensorData.ints(input.tokenTypeIds());
            Tensor x = embeddingNoise
                    .apply(torch.embedding(words, ids, config.paddingIndex(), false, false), training)
                    .add(torch.embedding(tokenTypes, types))
                    .add(positions.narrow(0, 0, input.length()));
            x = Layers.dropout(embeddingNorm.apply(x), config.hiddenDropout(), training);
            Tensor mask = input.isPadded()
                    ? TensorData.ints(input.attentionMask())
                            .to(ScalarType.Bool)
                            .view(input.rows(), 1, 1, input.length())
                    : null;
            for (Layer layer : layers) {
                x = layer.forward(x, mask, training);
            }
            return scope.keep(x);
        }
    }

    private final class Norm {
        private final Tensor scale;
        private final Tensor bias;

        Norm(Parameters parameters, String name) {
            scale = parameters.get(name + ".weight");
            bias = parameters.get(name + ".bias");
        }

        Tensor apply(Tensor x) {
            return Layers.layerNorm(x, scale, bias, config.normEpsilon());
        }
    }

    /** One block. */
    private final class Layer {
        private final Linear query;
        private final Linear key;
        private final Linear value;
        private final Linear attentionOutput;
        private final Norm attentionNorm;
        private final Linear intermediate;
        private final Linear output;
        private final Norm outputNorm;

        Layer(Parameters parameters, String name) {
            query = Linear.of(parameters, name + "attention.self.query", true);
            key = Linear.of(parameters, name + "attention.self.key", true);
            value = Linear.of(parameters, name + "attention.self.value", true);
            attentionOutput = Linear.of(parameters, name + "attention.output.dense", true);
            attentionNorm = new Norm(parameters, name + "attention.output.LayerNorm");
            intermediate = Linear.of(parameters, name + "intermediate.dense", true);
            output = Linear.of(parameters, name + "output.dense", true);
            outputNorm = new Norm(parameters, name + "output.LayerNorm");
        }

        Tensor forward(Tensor x, Tensor mask, boolean training) {
            try (Scope scope = Scope.open()) {
                Tensor attended = Layers.attention(
                        Layers.splitHeads(query.apply(x), config.attentionHeads()),
                        Layers.splitHeads(key.apply(x), config.attentionHeads()),
                        Layers.splitHeads(value.apply(x), config.attentionHeads()),
                        mask,
                        false,
                        training ? config.attentionDropout() : 0);
                Tensor projected = Layers.dropout(attentionOutput.apply(attended), config.hiddenDropout(), training);
                Tensor residual = attentionNorm.apply(projected.add(x));
                Tensor fed = output.apply(torch.gelu(intermediate.apply(residual)));
                fed = Layers.dropout(fed, config.hiddenDropout(), training);
                return scope.keep(outputNorm.apply(fed.add(residual)));
            }
        }
    }
}
