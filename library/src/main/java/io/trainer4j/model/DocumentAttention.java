package io.trainer4j.model;

import io.trainer4j.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention in a packed row, where the tokens of a document see each other only.
 *
 * @param documents tokens of each document
 * @param causal whether a token sees only those before it
 * @param scale what the products are multiplied by; empty for {@code 1 / sqrt(D)}
 * @param dropout probability with which a weight is dropped
 * @param padded how random numbers are drawn; null where the packed row's own layout counts
 */
record DocumentAttention(int[] documents, boolean causal, OptionalDouble scale, double dropout, PaddedRandom padded) {
    /**
     * The attention of all documents.
     *
     * @param q {@code [1, N, n, D]}; {@code k} and {@code v} may have fewer heads
     * @param mask of a document of so many tokens, true where attention is allowed; null where only causality counts
     * @return {@code [1, n, N*D]}
     */
    Tensor apply(Tensor q, Tensor k, Tensor v, IntFunction<Tensor> mask) {
        try (Scope scope = Scope.open()) {
            long[] lengths = Arrays.stream(documents).asLongStream().toArray();
            TensorVector queries = torch.split_with_sizes(q, lengths, 2);
            TensorVector keys = torch.split_with_sizes(k, lengths, 2);
            TensorVector values = torch.split_with_sizes(v, lengths, 2);
            List<Tensor> dropped = dropout > 0 && padded != null ? padded.attentionDropout(q, dropout) : null;
            TensorVector attended = new TensorVector();
            for (int d = 0; d < documents.length; d++) {
                Tensor own = mask.apply(documents[d]);
                boolean looksBack = causal && own == null && documents[d] > 1;
                attended.push_back(
                        dropped == null
                                ? Layers.attention(
                                        queries.get(d), keys.get(d), values.get(d), own, looksBack, scale, dropout)
                                : Layers.attention(
                                        queries.get(d),
                                        keys.get(d),
                                        values.get(d),
                                        own,
                                        looksBack,
                                        scale,
                                        dropped.get(d)));
            }
            return scope.keep(torch.cat(attended, 1));
        }
    }
}
