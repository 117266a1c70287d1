package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.RowProduct;
import io.trainer4j.tensor.Scope;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A dense matrix whose products are computed in 16 bits, without autograd, while it stays in 32 bits itself.
 *
 * @param type {@code BFloat16} or {@code Half}
 */
record AutocastWeight(DenseWeight weight, ScalarType type) implements Weight {
    private Tensor half(Tensor x) {
        return x.to(type);
    }

    @Override
    public Device device() {
        return weight.device();
    }

    @Override
    public long outFeatures() {
        return weight.outFeatures();
    }

    @Override
    public long inFeatures() {
        return weight.inFeatures();
    }

    @Override
    public Tensor linear(Tensor x, Tensor bias) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor product = bias == null
                    ? torch.linear(half(x), half(weight.matrix()))
                    : torch.linear(half(x), half(weight.matrix()), new TensorOptional(half(bias)));
            return scope.keep(product.to(ScalarType.Float));
        }
    }

    @Override
    public Tensor transposed(Tensor gradient) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            return scope.keep(torch.mm(half(gradient), half(weight.matrix())).to(ScalarType.Float));
        }
    }

    @Override
    public Tensor rows(Tensor ids) {
        return weight.rows(ids);
    }

    @Override
    public Optional<RowProduct> rowProduct() {
        return weight.rowProduct();
    }

    @Override
    public boolean isTrainable() {
        return weight.isTrainable();
    }

    @Override
    public void addGradient(Tensor gradient, Tensor x) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor left = half(weight.isTransposed() ? x : gradient);
            Tensor right = half(weight.isTransposed() ? gradient : x);
            Pass.accumulate(weight.stored(), torch.mm(left.t(), right).to(ScalarType.Float));
        }
    }
}
