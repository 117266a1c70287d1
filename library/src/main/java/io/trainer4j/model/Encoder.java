package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A network whose tokens see each other in both directions: BERT and its relatives, which differ in names and positions. */
abstract class Encoder implements Backbone {
    private final EncoderConfig config;
    private final String prefix;
    private final String blocks;
    private final EncoderLayer.Names names;
    private final EmbeddingNoise embeddingNoise = new EmbeddingNoise();
    private LayerNorm embeddingNorm;
    private List<EncoderLayer> layers;

    /**
     * The part the family shares.
     *
     * @param prefix such as {@code bert.}
     * @param blocks what a block's name starts with behind the prefix, before its number
     */
    Encoder(EncoderConfig config, String prefix, String blocks, EncoderLayer.Names names) {
        this.config = config;
        this.prefix = prefix;
        this.blocks = prefix + blocks;
        this.names = names;
    }

    /** The tables of the embedding and its norm, in Python's order. */
    abstract List<ParameterSpec> embeddings();

    /** Name of the norm behind the embeddings. */
    abstract String embeddingNorm();

    /** Takes the tables of {@link #embeddings}. */
    abstract void bindEmbeddings(Parameters parameters);

    /** Embeddings of the positions of a batch's tokens in its rows, {@code [T, H]}, or {@code [n, H]} of a packed row. */
    static Tensor inOrder(Tensor positions, ModelInput input) {
        return input.isPacked()
                ? positions.index_select(0, Device.of(positions).putNew(TensorData.ints(input.positions())))
                : positions.narrow(0, 0, input.length());
    }

    /**
     * The sum of a token's embeddings, not yet normalised.
     *
     * @param ids {@code [B, T]}
     * @param pass what the run is for; {@link #embeddingNoise} is put on the token's own embedding while training
     * @return {@code [B, T, H]}
     */
    abstract Tensor embedded(ModelInput input, Tensor ids, Pass pass);

    /** A new head with one score per token of the vocabulary. */
    abstract MaskedHead maskedHead();

    @Override
    public final EmbeddingNoise embeddingNoise() {
        return embeddingNoise;
    }

    EncoderConfig config() {
        return config;
    }

    @Override
    public final List<ParameterSpec> parameters() {
        List<ParameterSpec> specs = new ArrayList<>(embeddings());
        for (int i = 0; i < config.layers(); i++) {
            EncoderLayer.declare(specs, config, names, blocks + i + ".");
        }
        return specs;
    }

    @Override
    public final void bind(Parameters parameters) {
        bindEmbeddings(parameters);
        embeddingNorm = LayerNorm.of(parameters, embeddingNorm(), config.normEpsilon());
        layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new EncoderLayer(config, names, parameters, blocks + i + "."));
        }
    }

    @Override
    public final String prefix() {
        return prefix;
    }

    @Override
    public final List<String> layerNames() {
        return IntStream.range(0, config.layers())
                .mapToObj(i -> blocks + i + ".")
                .toList();
    }

    @Override
    public final boolean dropsOut() {
        return config.hiddenDropout() > 0 || config.attentionDropout() > 0;
    }

    @Override
    public final int hiddenSize() {
        return config.hiddenSize();
    }

    @Override
    public final int vocabSize() {
        return config.vocabSize();
    }

    @Override
    public final double initializerRange() {
        return config.initializerRange();
    }

    @Override
    public final String embeddingName() {
        return prefix + "embeddings.word_embeddings.weight";
    }

    /** The pooler, which some heads do without, and the position numbers that old files store. */
    @Override
    public final boolean isUnused(String name) {
        return name.startsWith(prefix + "pooler.") || name.endsWith(".position_ids");
    }

    @Override
    public final Tensor hiddenStates(ModelInput input, Pass pass) {
        try (Scope scope = Scope.open()) {
            Device device = Device.of(embeddingNorm.scale());
            Tensor ids = device.putNew(input.ids(config.vocabSize()));
            Tensor x = embeddingNorm.apply(embedded(input, ids, pass));
            x = pass.dropout(x, config.hiddenDropout());
            Tensor mask = input.isPadded()
                    ? pass.hold(device.putNew(TensorData.ints(input.attentionMask())
                            .to(ScalarType.Bool)
                            .view(input.rows(), 1, 1, input.length())))
                    : null;
            for (EncoderLayer layer : layers) {
                x = pass.block(x, layer.isTrainable(), (in, p) -> layer.forward(in, mask, input.documents(), p));
            }
            return scope.keep(x);
        }
    }
}
