package io.trainer4j.model;

import static io.trainer4j.model.ParameterSpec.weight;

import io.trainer4j.TrainerException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * DistilBERT: BERT's blocks under other names, without segments and pooler.
 *
 * @see <a href="https://github.com/huggingface/transformers">transformers/models/distilbert/modeling_distilbert.py</a>
 */
final class DistilBert extends Encoder {
    private static final EncoderLayer.Names NAMES = new EncoderLayer.Names(
            "attention.q_lin",
            "attention.k_lin",
            "attention.v_lin",
            "attention.out_lin",
            "sa_layer_norm",
            "ffn.lin1",
            "ffn.lin2",
            "output_layer_norm",
            false);

    private final double classifierDropout;
    private TokenEmbedding words;
    private Tensor positions;

    DistilBert(ModelConfig config) {
        super(read(config), "distilbert.", "transformer.layer.", NAMES);
        classifierDropout = config.number("seq_classif_dropout", 0.2);
    }

    private static EncoderConfig read(ModelConfig config) {
        if (config.flag("sinusoidal_pos_embds")) {
            throw new TrainerException(config.source()
                    + " asks for sinusoidal_pos_embds, which this version does not compute; set it to false.");
        }
        int hidden = config.integer("dim", 768);
        return new EncoderConfig(
                config.integer("vocab_size", 30_522),
                hidden,
                config.integer("hidden_dim", 4 * 768),
                config.integer("n_layers", 6),
                config.integer("n_heads", 12),
                config.integer("max_position_embeddings", 512),
                config.integer("pad_token_id", 0),
                Activation.of(config, "activation", "gelu"),
                1e-12,
                config.number("initializer_range", 0.02),
                config.number("dropout", 0.1),
                config.number("attention_dropout", 0.1));
    }

    @Override
    List<ParameterSpec> embeddings() {
        int hidden = config().hiddenSize();
        List<ParameterSpec> specs = new ArrayList<>();
        specs.add(weight(embeddingName(), config().vocabSize(), hidden).as(ParameterSpec.Role.EMBEDDING));
        specs.add(weight("distilbert.embeddings.position_embeddings.weight", config().maxPositions(), hidden));
        LayerNorm.declare(specs, embeddingNorm(), hidden);
        return specs;
    }

    @Override
    String embeddingNorm() {
        return "distilbert.embeddings.LayerNorm";
    }

    @Override
    void bindEmbeddings(Parameters parameters) {
        words = TokenEmbedding.of(parameters, embeddingName());
        positions = parameters.get("distilbert.embeddings.position_embeddings.weight");
    }

    @Override
    Tensor embedded(ModelInput input, Tensor ids, Pass pass) {
        input.requireFitting(0, config().maxPositions());
        return embeddingNoise()
                .apply(words.apply(ids, config().paddingIndex(), pass), pass)
                .add(inOrder(positions, input));
    }

    @Override
    public String architecture(Task task) {
        return task.of("DistilBert");
    }

    @Override
    public ClassificationHead classificationHead(int numLabels) {
        return new FirstTokenHead(
                config().hiddenSize(),
                numLabels,
                "pre_classifier",
                Activation.RELU,
                "classifier",
                0,
                classifierDropout);
    }

    @Override
    MaskedHead maskedHead() {
        int hidden = config().hiddenSize();
        List<ParameterSpec> specs = new ArrayList<>();
        Linear.declare(specs, "vocab_transform", hidden, hidden, true);
        LayerNorm.declare(specs, "vocab_layer_norm", hidden);
        specs.add(ParameterSpec.bias("vocab_projector.bias", config().vocabSize()));
        return new MaskedHead(
                specs, "vocab_transform", config().activation(), "vocab_layer_norm", "vocab_projector.bias", 1e-12);
    }
}
