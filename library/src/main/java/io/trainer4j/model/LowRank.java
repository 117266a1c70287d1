package io.trainer4j.model;

import io.trainer4j.tensor.MatrixProduct;
import io.trainer4j.tensor.Scope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A product of small rank that is added to a large one: {@code scale * inner up^T}.
 *
 * @param inner {@code [..., r]}
 * @param up {@code [out, r]}
 */
record LowRank(Tensor inner, Tensor up, double scale) {
    /** The same with another {@code inner}. */
    LowRank with(Tensor other) {
        return new LowRank(other, up, scale);
    }

    boolean requiresGrad() {
        return inner.requires_grad() || up.requires_grad();
    }

    /**
     * The sum, in the memory of {@code product} where autograd does not watch.
     *
     * @param product {@code [..., out]}, contiguous and the caller's own
     */
    Tensor addTo(Tensor product) {
        Tensor rows = inner.reshape(-1, inner.size(-1));
        Tensor sum = product.view(-1, product.size(-1));
        if (GradMode.is_enabled()) {
            return torch.addmm(sum, rows, up.t(), new Scalar(1.0), new Scalar(scale))
                    .view(product.sizes());
        }
        sum.addmm_(rows, up.t(), new Scalar(1.0), new Scalar(scale));
        return product;
    }

    /**
     * Adds to the gradients of {@code inner} and {@code up}. Without autograd.
     *
     * @param gradient by the sum, {@code [n, out]}
     */
    void backward(Tensor gradient) {
        try (Scope scope = Scope.open()) {
            if (inner.requires_grad()) {
                Tensor byInner = MatrixProduct.linear(gradient, up.t()).mul_(new Scalar(scale));
                Pass.accumulate(inner, byInner.view(inner.sizes()));
            }
            if (up.requires_grad()) {
                Tensor scaled = inner.reshape(-1, inner.size(-1)).mul(new Scalar(scale));
                MatrixProduct.addTo(up.mutable_grad(), up.scalar_type().intern(), gradient, scaled);
            }
        }
    }
}
