package io.trainer4j.tensor;

import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Matrix products that no gradient flows through, by oneDNN or by the BLAS behind {@code torch.linear}, whichever is faster.
 * With AVX-512, oneDNN takes two thirds to four fifths of the BLAS's time for the wide products of the output embedding.
 * Without, both are equal for a weight as it is stored, and the BLAS takes 0.7 of oneDNN's time for a transposed one.
 */
public final class MatrixProduct {
    private static final String NO_SCALARS = "def none() -> List[Optional[number]]:\n  return []\n";

    /** oneDNN's kernel, or null; it and its constant arguments live as long as the process. */
    private static final OperatorHandle LINEAR = torch.hasMKLDNN() ? onednnLinear() : null;

    private static final boolean AVX512 = torch.get_cpu_capability().getString().startsWith("AVX512");

    private static final IValue NO_BIAS = Scope.own(new IValue());
    private static final IValue NO_ACTIVATION = Scope.own(new IValue("none"));
    private static final IValue NO_ACTIVATION_SCALARS = noScalars();
    private static final IValue NO_ALGORITHM = Scope.own(new IValue(""));

    private MatrixProduct() {}

    private static OperatorHandle onednnLinear() {
        return Scope.own(Dispatcher.singleton().findSchemaOrThrow("mkldnn::_linear_pointwise", ""));
    }

    private static IValue noScalars() {
        try (Scope scope = Scope.open();
                ScriptFunction none = ScriptFunction.compile("none", NO_SCALARS)) {
            return Scope.own(none.call());
        }
    }

    /** Finds the kernel; part of {@link Engine#load()}, so that no caller's scope owns it. */
    static void load() {}

    /** As {@link #linear(Tensor, Tensor, Tensor)}, without a bias. */
    public static Tensor linear(Tensor x, Tensor weight) {
        return linear(x, weight, null);
    }

    /**
     * {@code x} times the transpose of {@code weight} plus {@code bias}, as {@code torch.linear} without autograd.
     *
     * @param x {@code [..., k]}
     * @param weight {@code [n, k]}; a transposed view is as good as a contiguous tensor
     * @param bias {@code [n]}, or null
     * @return {@code [..., n]}
     */
    public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            if (!isForOnednn(x, weight)) {
                return scope.keep(
                        bias == null ? torch.linear(x, weight) : torch.linear(x, weight, new TensorOptional(bias)));
            }
            IValueVector stack = new IValueVector(
                    new IValue(x),
                    new IValue(weight),
                    bias == null ? NO_BIAS : new IValue(bias),
                    NO_ACTIVATION,
                    NO_ACTIVATION_SCALARS,
                    NO_ALGORITHM);
            LINEAR.callBoxed(stack);
            return scope.keep(new Tensor(stack.get(0).toTensor())); // the stack's own goes with it
        }
    }

    /**
     * As {@link #linear(Tensor, Tensor)}, into memory that is there.
     *
     * @param target {@code [m, n]}, rows of which may lie apart
     * @param x {@code [m, k]}
     * @param weight {@code [n, k]}, contiguous
     */
    public static void linearInto(Tensor target, Tensor x, Tensor weight) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            if (AVX512) {
                target.copy_(linear(x, weight));
            } else {
                torch.mm_out(target, x, weight.t());
            }
        }
    }

    private static boolean isForOnednn(Tensor x, Tensor weight) {
        return LINEAR != null
                && x.device().is_cpu()
                && x.scalar_type().intern() == ScalarType.Float
                && (AVX512 || weight.is_contiguous());
    }

    /**
     * Adds {@code left^T right} to a sum, which becomes that product where it is not there yet.
     *
     * @param sum {@code [m, n]}, or undefined
     * @param type number format of the sum
     * @param left {@code [k, m]}
     * @param right {@code [k, n]}
     */
    public static void addTo(Tensor sum, ScalarType type, Tensor left, Tensor right) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            if (type != left.scalar_type().intern()) {
                Tensor product = linear(left.t(), right.t());
                if (sum.defined()) {
                    sum.add_(product);
                } else {
                    sum.put(product.to(type));
                }
            } else if (sum.defined()) {
                sum.addmm_(left.t(), right, new Scalar(1.0), new Scalar(1.0));
            } else {
                sum.put(linear(left.t(), right.t()));
            }
        }
    }
}
