package io.trainer4j.model;

import io.trainer4j.UsageException;
import io.trainer4j.tensor.Scope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Magnitude pruning of a matrix, in place: which of its weights become zero. */
final class SmallestWeights {
    private static final long GROUP = 4;
    private static final long KEPT = 2;

    private SmallestWeights() {}

    /**
     * Of all weights a share, rounded to whole weights as in {@code torch.nn.utils.prune.l1_unstructured}.
     *
     * @param matrix of any orientation, contiguous
     */
    static void clear(Tensor matrix, double share) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor flat = matrix.view(-1);
            long zeros = (long) Math.rint(share * flat.numel());
            flat.index_fill_(0, smallest(flat, zeros, 0), new Scalar(0.0));
        }
    }

    /**
     * Of each 4 consecutive inputs the 2 smallest.
     *
     * @param name for messages
     * @param matrix {@code [out, in]}
     * @throws UsageException if the number of inputs is no multiple of 4
     */
    static void clearTwoOfFour(String name, Tensor matrix) {
        long inputs = matrix.size(1);
        if (inputs % GROUP != 0) {
            throw new UsageException(
                    name + " has " + inputs + " inputs, which is no multiple of 4, as pattern 2:4 needs;"
                            + " use sparsity 0.5, or remove another number of parts.");
        }
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor groups = matrix.unflatten(1, inputs / GROUP, GROUP);
            groups.scatter_(2, smallest(groups, GROUP - KEPT, 2), new Scalar(0.0));
        }
    }

    private static Tensor smallest(Tensor values, long count, long dimension) {
        Tensor magnitudes = values.abs().to(ScalarType.Float);
        return magnitudes.topk(count, dimension, false, false).get1();
    }
}
