package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Who sees whom in one forward pass: the attention masks, one for each window that occurs in the network's layers, and the
 * documents of a packed row.
 */
final class CausalMasks {
    /** The window of a layer whose tokens see all tokens before them. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    private final Map<Integer, Tensor> byWindow = new HashMap<>();
    private final int[] documents;
    private final Precision precision;
    private final PaddedRandom padded;
    private final SharedPrefixes prefixes;

    private CausalMasks(int[] documents, SharedPrefixes prefixes, Pass pass) {
        this.documents = documents;
        this.prefixes = prefixes;
        precision = pass.precision();
        padded = pass.padded();
    }

    /**
     * Masks belonging to the innermost open scope, which the pass holds for its blocks.
     *
     * @param past tokens held by the cache
     * @param device where attention is computed
     * @param windows how many tokens, itself included, a token of each layer sees
     */
    static CausalMasks of(ModelInput input, int past, Pass pass, Device device, int... windows) {
        SharedPrefixes prefixes = input.places() == null ? null : SharedPrefixes.of(input, pass, device);
        CausalMasks masks = new CausalMasks(input.documents(), prefixes, pass);
        for (int window : windows) {
            if (!masks.byWindow.containsKey(window)) {
                masks.byWindow.put(
                        window,
                        isNeeded(input, past, window) ? pass.hold(device.putNew(mask(input, past, window))) : null);
            }
        }
        return masks;
    }

    /**
     * Whether causal attention alone would be wrong: before left padding; where several tokens follow cached ones, because
     * it counts queries and keys from the same start; and where several tokens reach beyond the window. A single query
     * needs no mask: {@link Layers#attention} gives it the keys of its window.
     */
    private static boolean isNeeded(ModelInput input, int past, int window) {
        return !input.isRightPadded() || (input.longest() > 1 && (past > 0 || input.longest() > window));
    }

    /**
     * True where the query (row) may look at the key (column): not later, not beyond the window and not padding; {@code [T,
     * past + T]} without padding, {@code [B, 1, T, T]} with. Of a packed row, that of its longest document.
     */
    private static Tensor mask(ModelInput input, int past, int window) {
        try (Scope scope = Scope.open()) {
            int length = input.longest();
            Tensor visible = torch.ones(new long[] {length, past + length}, new TensorOptions(ScalarType.Bool))
                    .tril(past);
            if (past + length > window) {
                visible = visible.triu(past - window + 1);
            }
            if (input.isPadded()) {
                Tensor tokens = TensorData.ints(input.attentionMask()).to(ScalarType.Bool);
                visible = visible.logical_and(tokens.view(input.rows(), 1, 1, length));
            }
            return scope.keep(visible);
        }
    }

    /** True where attention is allowed, broadcastable to {@code [B, N, T, past + T]}, or null where causal is enough. */
    Tensor within(int window) {
        return byWindow.get(window);
    }

    /**
     * Scaled dot-product attention of each token to those it may see.
     *
     * @param window how many tokens, itself included, a token of this layer sees
     * @param pass the layer's own
     * @return {@code [B, T, N*D]}
     * @see Layers#causalAttention
     */
    Tensor attention(Tensor q, Tensor k, Tensor v, int window, OptionalDouble scale, double dropout, Pass pass) {
        List<Tensor> inputs = Stream.of(q, k, v).map(precision::forAttention).toList();
        Function<List<Tensor>, Tensor> attention = attention(window, scale, dropout);
        boolean again = documents != null && dropout == 0;
        return precision.afterAttention(again ? pass.computed(inputs, attention) : attention.apply(inputs));
    }

    /**
     * Of queries, keys and values. Documents are attended to one by one, of which autograd would keep what they gave beside
     * what they give together, and keys and values once for each head that shares them.
     */
    private Function<List<Tensor>, Tensor> attention(int window, OptionalDouble scale, double dropout) {
        Tensor mask = within(window);
        if (documents == null) {
            return inputs ->
                    Layers.causalAttention(inputs.get(0), inputs.get(1), inputs.get(2), mask, window, scale, dropout);
        }
        DocumentAttention attention = new DocumentAttention(documents, true, scale, dropout, padded);
        Function<List<Tensor>, Tensor> ofDocuments = inputs -> attention.apply(
                inputs.get(0),
                inputs.get(1),
                inputs.get(2),
                length -> length > window ? mask.narrow(0, 0, length).narrow(1, 0, length) : null);
        return prefixes == null ? ofDocuments : prefixes.attention(ofDocuments);
    }
}
