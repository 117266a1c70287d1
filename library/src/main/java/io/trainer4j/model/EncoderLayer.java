package io.trainer4j.model;

import io.trainer4j.tensor.Scope;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;

/** A block of an {@link Encoder}: attention, then a feed-forward network, each added to its input and normalised. */
final class EncoderLayer {
    private final EncoderConfig config;
    private final Parameters parameters;
    private final String prefix;
    private final boolean dropsAttended;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear attentionOutput;
    private final LayerNorm attentionNorm;
    private final Linear intermediate;
    private final Linear output;
    private final LayerNorm outputNorm;

    /**
     * What a family calls the parts of a block.
     *
     * @param dropsAttended whether there is dropout behind the attention's output projection
     */
    record Names(
            String query,
            String key,
            String value,
            String attentionOutput,
            String attentionNorm,
            String intermediate,
            String output,
            String outputNorm,
            boolean dropsAttended) {}

    static void declare(List<ParameterSpec> specs, EncoderConfig config, Names names, String prefix) {
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        Linear.declare(specs, prefix + names.query, hidden, hidden, true);
        Linear.declare(specs, prefix + names.key, hidden, hidden, true);
        Linear.declare(specs, prefix + names.value, hidden, hidden, true);
        Linear.declare(specs, prefix + names.attentionOutput, hidden, hidden, true);
        LayerNorm.declare(specs, prefix + names.attentionNorm, hidden);
        Linear.declare(specs, prefix + names.intermediate, inner, hidden, true);
        Linear.declare(specs, prefix + names.output, hidden, inner, true);
        LayerNorm.declare(specs, prefix + names.outputNorm, hidden);
    }

    EncoderLayer(EncoderConfig config, Names names, Parameters parameters, String prefix) {
        this.config = config;
        this.parameters = parameters;
        this.prefix = prefix;
        dropsAttended = names.dropsAttended;
        query = Linear.of(parameters, prefix + names.query, true);
        key = Linear.of(parameters, prefix + names.key, true);
        value = Linear.of(parameters, prefix + names.value, true);
        attentionOutput = Linear.of(parameters, prefix + names.attentionOutput, true);
        attentionNorm = LayerNorm.of(parameters, prefix + names.attentionNorm, config.normEpsilon());
        intermediate = Linear.of(parameters, prefix + names.intermediate, true);
        output = Linear.of(parameters, prefix + names.output, true);
        outputNorm = LayerNorm.of(parameters, prefix + names.outputNorm, config.normEpsilon());
    }

    /** Whether one of the block's parameters is trained. */
    boolean isTrainable() {
        return parameters.isTrainable(prefix);
    }

    private Tensor heads(Linear linear, Tensor x, Pass pass) {
        return pass.precision().forAttention(Layers.splitHeads(linear.apply(x, pass), config.attentionHeads()));
    }

    private Tensor seen(Tensor q, Tensor k, Tensor v, Tensor mask, int[] documents, Pass pass) {
        double dropout = pass.training() ? config.attentionDropout() : 0;
        OptionalDouble scale = OptionalDouble.empty();
        return documents == null
                ? Layers.attention(q, k, v, mask, false, scale, dropout)
                : new DocumentAttention(documents, false, scale, dropout, pass.padded()).apply(q, k, v, tokens -> null);
    }

    /**
     * {@code x [B, T, H]} to the same shape.
     *
     * @param mask true for tokens, {@code [B, 1, 1, T]}; null without padding
     * @param documents tokens of each document of a packed row, or null
     */
    Tensor forward(Tensor x, Tensor mask, int[] documents, Pass pass) {
        try (Scope scope = Scope.open()) {
            Tensor q = heads(query, x, pass);
            Tensor k = heads(key, x, pass);
            Tensor v = heads(value, x, pass);
            Tensor seen = seen(q, k, v, mask, documents, pass);
            Tensor attended = attentionOutput.apply(pass.precision().afterAttention(seen), pass);
            double dropout = config.hiddenDropout();
            Tensor residual = pass.cut(attentionNorm.apply(
                    pass.dropout(attended, dropsAttended ? dropout : 0).add(x)));
            Tensor fed = output.apply(config.activation().apply(intermediate.apply(residual, pass)), pass);
            return scope.keep(outputNorm.apply(pass.dropout(fed, dropout).add(residual)));
        }
    }
}
