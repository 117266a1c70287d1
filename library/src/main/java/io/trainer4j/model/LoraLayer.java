package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What one adapter adds to one linear map or table; owner of its tensors. A linear map gives
 * {@code x W^T + scaling * dropout(x) A^T B^T}; with a magnitude (DoRA) each output is then scaled so that the length of
 * its weights {@code W + scaling * B A} is the magnitude.
 *
 * @see <a href="https://arxiv.org/abs/2106.09685">LoRA</a>, <a href="https://arxiv.org/abs/2402.09353">DoRA</a>, <a
 *     href="https://arxiv.org/abs/2404.02948">PiSSA</a>; peft/tuners/lora/layer.py, dora.py
 */
final class LoraLayer implements AutoCloseable {
    private final boolean ofTable;
    private final Tensor down;
    private final Tensor up;
    private final double scaling;
    private final double dropout;
    private final List<Tensor> removed;
    private Tensor magnitude;
    private Tensor squaredLengths;

    /**
     * Takes tensors over.
     *
     * @param ofTable whether it is put on a table of vectors
     * @param down {@code A [r, in]}
     * @param up {@code B [out, r]}
     * @param removed what PiSSA takes out of the base weight, as {@code A} and {@code B}; else empty. The base weight
     *     itself stays as it is, so that other adapters can use it.
     */
    LoraLayer(boolean ofTable, Tensor down, Tensor up, double scaling, double dropout, List<Tensor> removed) {
        this.ofTable = ofTable;
        this.down = down;
        this.up = up;
        this.scaling = scaling;
        this.dropout = dropout;
        this.removed = removed;
    }

    Tensor down() {
        return down;
    }

    Tensor up() {
        return up;
    }

    double scaling() {
        return scaling;
    }

    /** What PEFT calls the tensors, behind the module's name and without that of the adapter. */
    Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(ofTable ? "lora_embedding_A" : "lora_A.weight", down);
        tensors.put(ofTable ? "lora_embedding_B" : "lora_B.weight", up);
        if (magnitude != null) {
            tensors.put("lora_magnitude_vector", magnitude);
        }
        return tensors;
    }

    boolean isOfTable() {
        return ofTable;
    }

    /** Whether it takes something out of the base weight. */
    boolean isPissa() {
        return !removed.isEmpty();
    }

    /** Makes this a DoRA layer that changes nothing at first: the magnitudes are the lengths there are. */
    void startMagnitude(Weight base) {
        try (Scope scope = Scope.open()) {
            squaredLengths = Scope.own(squaredLengths(base));
            magnitude = Scope.own(lengths(base).set_requires_grad(true));
        }
    }

    private Tensor squaredLengths(Weight base) {
        return dense(base).square().sum(ofTable ? 0 : 1);
    }

    /** The matrix as plain numbers; of a table its rows are vectors. */
    static Tensor dense(Weight base) {
        return base.rows(base.device().putNew(torch.arange(new Scalar(base.outFeatures()))));
    }

    /** The lengths of the rows of {@code W + scaling * B A}, {@code [out]}, without that matrix and without autograd. */
    private Tensor lengths(Weight base) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor a = down.detach();
            Tensor b = up.detach();
            Tensor mixed = (ofTable ? base.transposed(a) : base.linear(a, null))
                    .t()
                    .mul(b)
                    .sum(1);
            Tensor own = b.matmul(a.matmul(a.t())).mul(b).sum(1);
            return scope.keep(squaredLengths
                    .add(mixed, new Scalar(2 * scaling))
                    .add_(own, new Scalar(scaling * scaling))
                    .sqrt_());
        }
    }

    /**
     * The linear map with what this adds.
     *
     * @param x {@code [..., in]}
     * @param bias {@code [out]}, or null
     * @return {@code [..., out]}
     */
    Tensor apply(Tensor x, Weight weight, Tensor bias, Pass pass) {
        Tensor input = pass.cut(x);
        Tensor dropped = pass.dropout(input, dropout);
        if (magnitude == null) {
            return pass.product(input, weight, bias, added(input, dropped, pass));
        }
        Pass valued = pass.forGradients();
        dropped = pass.cut(dropped);
        Tensor factor = magnitude.div(lengths(weight));
        Tensor turned = valued.product(dropped, weight, null, added(dropped, dropped, pass))
                .mul(factor);
        if (pass.training() && dropout > 0) {
            // PEFT scales what is left of the input and leaves the rest as it was.
            return turned.add(pass.product(input.sub(dropped), weight, bias));
        }
        return bias == null ? turned : turned.add(bias);
    }

    private List<LowRank> added(Tensor whole, Tensor dropped, Pass pass) {
        List<LowRank> parts = new ArrayList<>();
        parts.add(new LowRank(pass.exactProduct(dropped, down), up, scaling));
        if (!removed.isEmpty()) {
            parts.add(new LowRank(pass.exactProduct(whole, removed.get(0)), removed.get(1), -scaling));
        }
        return parts;
    }

    /**
     * Vectors of a table with what this adds.
     *
     * @param rows the table's own, {@code [..., out]}
     */
    Tensor embed(Tensor ids, int paddingIndex, Weight table, Tensor rows) {
        Tensor inner = torch.embedding(down.t(), ids, paddingIndex, false, false);
        Tensor added = inner.matmul(up.t().mul(new Scalar(scaling)));
        Tensor sum = rows.add(added);
        return magnitude == null ? sum : sum.mul(magnitude.div(lengths(table)));
    }

    /**
     * The matrix that takes the place of the base's, {@code [out, in]}.
     *
     * @param base in 32-bit floats, {@code [out, in]}
     * @param weight the same, of a table {@code [in, out]}
     */
    Tensor merged(Tensor base, Weight weight) {
        try (Scope scope = Scope.open()) {
            Tensor sum = base.addmm(up.detach(), down.detach(), new Scalar(1.0), new Scalar(scaling));
            if (!removed.isEmpty()) {
                sum.addmm_(removed.get(1), removed.get(0), new Scalar(1.0), new Scalar(-scaling));
            }
            if (magnitude != null) {
                Tensor factor = magnitude.detach().div(lengths(weight));
                sum.mul_(factor.unsqueeze(1));
            }
            return scope.keep(sum);
        }
    }

    /** Has all tensors on another device, in place. */
    void to(Device device) {
        tensors().values().forEach(device::move);
        removed.forEach(device::move);
        if (squaredLengths != null) {
            device.move(squaredLengths);
        }
    }

    @Override
    public void close() {
        tensors().values().forEach(Tensor::close);
        removed.forEach(Tensor::close);
        if (squaredLengths != null) {
            squaredLengths.close();
        }
    }
}
