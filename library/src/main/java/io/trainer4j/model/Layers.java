package io.trainer4j.model;

import java.util.OptionalDouble;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The few layers all families share. Shape letters: B batch, T tokens, H hidden, N heads, D head size. */
final class Layers {
    private Layers() {}

    /** Root-mean-square normalisation over the last dimension, computed as in {@code Qwen2RMSNorm}. */
    static Tensor rmsNorm(Tensor x, Tensor scale, double epsilon) {
        Tensor meanSquare = x.pow(new Scalar(2.0)).mean(new long[] {-1}, true, new ScalarTypeOptional());
        return x.mul(meanSquare.add(new Scalar(epsilon)).rsqrt()).mul(scale);
    }

    /** A parameter in the number format of what it is combined with; itself where it has that already. */
    static Tensor as(Tensor parameter, Tensor like) {
        ScalarType type = like.scalar_type().intern();
        return parameter.scalar_type().intern() == type ? parameter : parameter.to(type);
    }

    /** A small table, or rows of a large one, in 32 bits, in which everything is computed and gradients are summed up. */
    static Tensor full(Tensor table) {
        return table.scalar_type().intern() == ScalarType.BFloat16 ? table.to(ScalarType.Float) : table;
    }

    static Tensor dropout(Tensor x, double probability, boolean training) {
        return training && probability > 0 ? torch.dropout(x, probability, true) : x;
    }

    /** {@code [B, T, N*D]} to {@code [B, N, T, D]}. */
    static Tensor splitHeads(Tensor x, long heads) {
        return x.view(x.size(0), x.size(1), heads, -1).transpose(1, 2);
    }

    /**
     * Scaled dot-product attention over tokens up to the query's own.
     *
     * @param mask from {@link CausalMasks}; null leaves plain causality
     * @param window how many tokens, itself included, a token sees
     */
    static Tensor causalAttention(
            Tensor q, Tensor k, Tensor v, Tensor mask, int window, OptionalDouble scale, double dropout) {
        long keys = k.size(2);
        boolean single = q.size(2) == 1;
        boolean cut = single && mask == null && keys > window;
        return attention(
                q,
                cut ? k.narrow(2, keys - window, window) : k,
                cut ? v.narrow(2, keys - window, window) : v,
                mask,
                mask == null && !single,
                scale,
                dropout);
    }

    /**
     * Scaled dot-product attention.
     *
     * @param q {@code [B, N, T, D]}; {@code k} and {@code v} may have fewer heads, each shared by several of {@code q}
     * @param mask true where attention is allowed, broadcastable to {@code [B, N, T, S]}, or null
     * @param causal whether a token sees only those before it; excludes a mask
     * @param scale what the products are multiplied by; empty for {@code 1 / sqrt(D)}
     * @return {@code [B, T, N*D]}
     */
    static Tensor attention(
            Tensor q, Tensor k, Tensor v, Tensor mask, boolean causal, OptionalDouble scale, double dropout) {
        boolean grouped = q.size(1) != k.size(1);
        Tensor out = torch.scaled_dot_product_attention(
                q,
                k,
                v,
                mask == null ? new TensorOptional() : new TensorOptional(mask),
                dropout,
                causal,
                scale.isPresent() ? new DoubleOptional(scale.getAsDouble()) : new DoubleOptional(),
                grouped);
        return joinHeads(out);
    }

    private static Tensor joinHeads(Tensor x) {
        return x.transpose(1, 2).reshape(x.size(0), x.size(2), x.size(1) * x.size(3));
    }

    /**
     * The same, with given dropout: the steps of {@code _scaled_dot_product_attention_math} in
     * aten/src/ATen/native/transformers/attention.cpp.
     *
     * @param dropped what the weights are multiplied by, {@code [B, N, T, S]}
     */
    static Tensor attention(
            Tensor q, Tensor k, Tensor v, Tensor mask, boolean causal, OptionalDouble scale, Tensor dropped) {
        long shared = q.size(1) / k.size(1);
        Scalar root = new Scalar(Math.sqrt(scale.orElse(1 / Math.sqrt((double) q.size(3)))));
        Tensor scores = q.mul(root).matmul(repeated(k, shared).transpose(2, 3).mul(root));
        Tensor visible = causal
                ? torch.ones_like(scores.detach().narrow(0, 0, 1).narrow(1, 0, 1))
                        .tril()
                : mask;
        if (visible != null) {
            scores = scores.masked_fill(visible.eq(new Scalar(0)), new Scalar(Double.NEGATIVE_INFINITY));
        }
        return joinHeads(scores.softmax(3).mul(dropped).matmul(repeated(v, shared)));
    }

    /** Each head as often as queries share it. */
    private static Tensor repeated(Tensor heads, long times) {
        return times == 1 ? heads : torch.repeat_interleave(heads, times, new LongOptional(1), new LongOptional());
    }
}
