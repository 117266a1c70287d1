package io.trainer4j.model;

import io.trainer4j.tensor.TensorData;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The attention masks of one forward pass: one for each window that occurs in the network's layers. */
final class CausalMasks {
    /** The window of a layer whose tokens see all tokens before them. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    private final Map<Integer, Tensor> byWindow = new HashMap<>();

    /**
     * Masks belonging to the innermost open scope.
     *
     * @param past tokens held by the cache
     * @param windows how many tokens, itself included, a token of each layer sees
     */
    static CausalMasks of(ModelInput input, int past, int... windows) {
        CausalMasks masks = new CausalMasks();
        for (int window : windows) {
            if (!masks.byWindow.containsKey(window)) {
                masks.byWindow.put(window, isNeeded(input, past, window) ? mask(input, past, window) : null);
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
        return !input.isRightPadded() || (input.length() > 1 && (past > 0 || input.length() > window));
    }

    /**
     * True where the query (row) may look at the key (column): not later, not beyond the window and not padding; {@code [T,
     * past + T]} without padding, {@code [B, 1, T, T]} with.
     */
    private static Tensor mask(ModelInput input, int past, int window) {
        int length = input.length();
        Tensor visible = torch.ones(new long[] {length, past + length}, new TensorOptions(ScalarType.Bool))
                .tril(past);
        if (past + length > window) {
            visible = visible.triu(past - window + 1);
        }
        if (!input.isPadded()) {
            return visible;
        }
        Tensor tokens = TensorData.ints(input.attentionMask()).to(ScalarType.Bool);
        return visible.logical_and(tokens.view(input.rows(), 1, 1, length));
    }

    /** True where attention is allowed, broadcastable to {@code [B, N, T, past + T]}, or null where causal is enough. */
    Tensor within(int window) {
        return byWindow.get(window);
    }
}
