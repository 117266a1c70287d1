package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Engine;
import io.trainer4j.tensor.GroupedMatrix;
import io.trainer4j.tensor.HalfMatrix;
import io.trainer4j.tensor.MatrixProduct;
import io.trainer4j.tensor.RowBlocks;
import io.trainer4j.tensor.RowProduct;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.StoredMatrix;
import io.trainer4j.tensor.TensorData;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A matrix in fewer bits, which is not trained. Its products read it a few rows at a time, so that never more than one block
 * of it exists in 32-bit floats.
 *
 * @param matrix {@code [out, in]}
 * @param blocks the model's own room for a block
 * @param multipliesInHalf whether products with a matrix in bfloat16 are computed in it
 */
record FrozenWeight(StoredMatrix matrix, RowBlocks blocks, boolean multipliesInHalf) implements Weight {
    FrozenWeight(StoredMatrix matrix, RowBlocks blocks) {
        this(matrix, blocks, !matrix.device().isCpu() || Engine.bfloat16().isNative());
    }

    @Override
    public Device device() {
        return matrix.device();
    }

    @Override
    public long outFeatures() {
        return matrix.rows();
    }

    @Override
    public long inFeatures() {
        return matrix.columns();
    }

    @Override
    public Tensor linear(Tensor x, Tensor bias) {
        if (GradMode.is_enabled() && x.requires_grad()) {
            throw new IllegalStateException(
                    "Gradients pass a frozen weight in a recorded pass only; use Pass.recorded.");
        }
        boolean single = x.numel() == inFeatures();
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor product;
            if (single && matrix instanceof GroupedMatrix grouped && grouped.multipliesRows()) {
                product = grouped.timesRow(x.to(ScalarType.BFloat16).view(1, inFeatures()))
                        .view(outputShape(x));
            } else if (matrix instanceof HalfMatrix half && half.isBfloat16() && (single || multipliesInHalf)) {
                product = inHalf(x, half.values(), single);
            } else {
                product = device().putNew(TensorData.empty(ScalarType.Float, outputShape(x)));
                blocks.forEach(
                        matrix,
                        (from, rows) -> MatrixProduct.linearInto(
                                product.view(-1, outFeatures()).narrow(1, from, rows.size(0)),
                                x.reshape(-1, inFeatures()),
                                rows));
            }
            return scope.keep(bias == null ? product : product.add_(bias));
        }
    }

    /** A single row times a matrix in bfloat16 takes the time of reading it on any processor, and is rounded as in Python. */
    private Tensor inHalf(Tensor x, Tensor values, boolean single) {
        Tensor rounded = x.to(ScalarType.BFloat16);
        if (!single) {
            return torch.linear(rounded, values).to(ScalarType.Float);
        }
        return torch.mv(values, rounded.view(-1)).to(ScalarType.Float).view(outputShape(x));
    }

    private long[] outputShape(Tensor x) {
        long[] shape = x.shape();
        shape[shape.length - 1] = outFeatures();
        return shape;
    }

    @Override
    public Tensor transposed(Tensor gradient) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            if (matrix instanceof HalfMatrix half && half.isBfloat16() && multipliesInHalf) {
                return scope.keep(torch.mm(gradient.to(ScalarType.BFloat16), half.values())
                        .to(ScalarType.Float));
            }
            Tensor sum = device().putNew(TensorData.zeros(gradient.size(0), inFeatures()));
            blocks.forEach(
                    matrix,
                    (from, rows) ->
                            sum.addmm_(gradient.narrow(1, from, rows.size(0)), rows, new Scalar(1.0), new Scalar(1.0)));
            return scope.keep(sum);
        }
    }

    @Override
    public Tensor rows(Tensor ids) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            long[] shape = Arrays.copyOf(ids.shape(), (int) ids.dim() + 1);
            shape[shape.length - 1] = inFeatures();
            return scope.keep(matrix.gather(ids.reshape(-1)).view(shape));
        }
    }

    @Override
    public boolean isTrainable() {
        return false;
    }

    @Override
    public void addGradient(Tensor gradient, Tensor x) {
        throw new IllegalStateException("A frozen weight has no gradient.");
    }

    @Override
    public Optional<RowProduct> rowProduct() {
        return device().isCpu() ? RowProduct.of(matrix) : Optional.empty();
    }
}
