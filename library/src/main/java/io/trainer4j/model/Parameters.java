package io.trainer4j.model;

import io.trainer4j.tensor.RowBlocks;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.StoredMatrix;
import io.trainer4j.tensor.TensorData;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The tensors of one model by name, in the order of {@code named_parameters()}; owner of their memory. */
public final class Parameters implements AutoCloseable {
    private final Map<String, Tensor> tensors;
    private final Map<String, StoredMatrix> frozen;
    private final RowBlocks blocks = new RowBlocks();

    private Parameters(Map<String, Tensor> tensors, Map<String, StoredMatrix> frozen) {
        this.tensors = tensors;
        this.frozen = frozen;
    }

    /**
     * Allocates every parameter of the list.
     *
     * @param source gives the values of one, or null to have it initialised
     * @param compressed gives one in fewer bits, or null to have it dense
     */
    static Parameters create(
            List<ParameterSpec> specs,
            double initializerRange,
            Function<String, Tensor> source,
            Function<ParameterSpec, StoredMatrix> compressed) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, StoredMatrix> frozen = new LinkedHashMap<>();
        for (ParameterSpec spec : specs) {
            try (Scope scope = Scope.open()) {
                StoredMatrix matrix = compressed.apply(spec);
                if (matrix != null) {
                    frozen.put(spec.name(), matrix);
                    continue;
                }
                Tensor loaded = source.apply(spec.name());
                Tensor tensor = loaded != null ? loaded : initialised(spec, initializerRange);
                tensors.put(spec.name(), Scope.own(tensor.set_requires_grad(true)));
            }
        }
        return new Parameters(tensors, frozen);
    }

    private static Tensor initialised(ParameterSpec spec, double initializerRange) {
        Tensor tensor = TensorData.zeros(spec.shape());
        return switch (spec.init()) {
            case NORMAL -> tensor.normal_(0, initializerRange * spec.gain(), new GeneratorOptional());
            case ONES -> tensor.fill_(new Scalar(1.0));
            case ZEROS -> tensor;
        };
    }

    /** Rounds all values to another number format, in which they are kept from then on. */
    void to(ScalarType type) {
        for (Tensor tensor : tensors.values()) {
            try (Scope scope = Scope.open()) {
                tensor.set_data(tensor.detach().to(type));
            }
        }
    }

    /** The tensor of that name; it must exist and be kept in 32 bits. */
    public Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no parameter " + name);
        }
        return tensor;
    }

    /**
     * The matrix of that name in whatever form it is kept; it must exist.
     *
     * @param isTransposed whether files have it as {@code [in, out]}
     */
    Weight weight(String name, boolean isTransposed) {
        StoredMatrix matrix = frozen.get(name);
        return matrix == null ? new DenseWeight(get(name), isTransposed) : new FrozenWeight(matrix, blocks);
    }

    /** The matrices that are kept in fewer than 32 bits, {@code [out, in]}, by name, in order. */
    Map<String, StoredMatrix> frozen() {
        return Collections.unmodifiableMap(frozen);
    }

    /** Number of values of every parameter by name, whatever its form. */
    public Map<String, Long> sizes() {
        Map<String, Long> sizes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> sizes.put(name, tensor.numel()));
        frozen.forEach((name, matrix) -> sizes.put(name, matrix.rows() * matrix.columns()));
        return sizes;
    }

    /** Memory that the values take, without gradients and optimizer state. */
    public long bytes() {
        return tensors.values().stream().mapToLong(Tensor::nbytes).sum()
                + frozen.values().stream().mapToLong(StoredMatrix::bytes).sum();
    }

    /** Memory that rows of frozen matrices are decoded into: a few MB whatever their size. */
    public long decodeBufferBytes() {
        return blocks.bytes();
    }

    /** Name to tensor of what is kept in 32 bits, in order, unmodifiable. The tensors are the model's own: changing them changes the model. */
    public Map<String, Tensor> asMap() {
        return Collections.unmodifiableMap(tensors);
    }

    /** The tensors that are trained, by name, in order. */
    public Map<String, Tensor> trainable() {
        Map<String, Tensor> trained = new LinkedHashMap<>(tensors);
        trained.values().removeIf(tensor -> !tensor.requires_grad());
        return trained;
    }

    /** Whether a tensor is trained whose name starts with {@code prefix}. */
    boolean isTrainable(String prefix) {
        return tensors.entrySet().stream()
                .anyMatch(entry ->
                        entry.getKey().startsWith(prefix) && entry.getValue().requires_grad());
    }

    /** Number of scalar values in all tensors together. */
    public long count() {
        return sizes().values().stream().mapToLong(size -> size).sum();
    }

    /** Overwrites all values with those of {@code source}, which has the same names and shapes. */
    public void copyFrom(Function<String, Tensor> source) {
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            try (Scope scope = Scope.open()) {
                NoGradGuard noGrad = new NoGradGuard();
                entry.getValue().copy_(source.apply(entry.getKey()));
                noGrad.close();
            }
        }
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
        tensors.clear();
        frozen.values().forEach(StoredMatrix::close);
        frozen.clear();
        blocks.close();
    }
}
