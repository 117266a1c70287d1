package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.MatrixProduct;
import io.trainer4j.tensor.RowProduct;
import io.trainer4j.tensor.Scope;
import java.util.Optional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A matrix of plain numbers, in 32 bits or in bf16; products are computed in the format of the other factor.
 *
 * @param stored {@code [out, in]}
 * @param isTransposed whether {@code stored} is {@code [in, out]} instead, as GPT-2 has it
 */
record DenseWeight(Tensor stored, boolean isTransposed) implements Weight {
    @Override
    public Device device() {
        return Device.of(stored);
    }

    @Override
    public long outFeatures() {
        return stored.size(isTransposed ? 1 : 0);
    }

    @Override
    public long inFeatures() {
        return stored.size(isTransposed ? 0 : 1);
    }

    /** {@code [out, in]}, as stored. */
    Tensor matrix() {
        return isTransposed ? stored.t() : stored;
    }

    private Tensor matrix(Tensor other) {
        Tensor numbers = Layers.as(stored, other);
        return isTransposed ? numbers.t() : numbers;
    }

    @Override
    public Tensor linear(Tensor x, Tensor bias) {
        if (GradMode.is_enabled()) {
            return bias == null
                    ? torch.linear(x, matrix(x))
                    : torch.linear(x, matrix(x), new TensorOptional(Layers.as(bias, x)));
        }
        try (Scope scope = Scope.open()) {
            return scope.keep(MatrixProduct.linear(x, matrix(x), bias == null ? null : Layers.as(bias, x)));
        }
    }

    @Override
    public Tensor transposed(Tensor gradient) {
        try (Scope scope = Scope.open()) {
            return scope.keep(MatrixProduct.linear(gradient, matrix(gradient).t(), null));
        }
    }

    @Override
    public Tensor rows(Tensor ids) {
        return Layers.full(torch.embedding(matrix(), ids));
    }

    @Override
    public Weight autocast(ScalarType type) {
        return new AutocastWeight(this, type);
    }

    @Override
    public boolean isTrainable() {
        return stored.requires_grad();
    }

    @Override
    public void addGradient(Tensor gradient, Tensor x) {
        try (Scope scope = Scope.open()) {
            MatrixProduct.addTo(
                    stored.mutable_grad(),
                    stored.scalar_type().intern(),
                    isTransposed ? x : gradient,
                    isTransposed ? gradient : x);
        }
    }

    @Override
    public Optional<RowProduct> rowProduct() {
        return isTransposed || !device().isCpu() ? Optional.empty() : RowProduct.of(stored);
    }
}
