package io.trainer4j.model;

import io.trainer4j.UsageException;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.HalfMatrix;
import io.trainer4j.tensor.RowBlocks;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.StoredMatrix;
import io.trainer4j.tensor.TensorData;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
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
    private final Set<String> trainedBefore = new HashSet<>();
    private Adapter adapter;

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

    /**
     * Has all values on another device, in place; who took matrices in fewer bits takes them again.
     *
     * @throws UsageException for a GPU where matrices are kept in 8 or 4 bits
     */
    void to(Device device) {
        for (Map.Entry<String, StoredMatrix> entry : frozen.entrySet()) {
            if (!(entry.getValue() instanceof HalfMatrix) && !device.isCpu()) {
                throw new UsageException("The weights are kept in fewer than 16 bits, such as " + entry.getKey()
                        + ", which are computed on the CPU only; set use_cpu, or load them with dtype bfloat16.");
            }
        }
        tensors.values().forEach(device::move);
        for (StoredMatrix matrix : frozen.values()) {
            if (matrix instanceof HalfMatrix half) {
                half.to(device);
            }
        }
        blocks.close();
    }

    /** The tensor of that name, the active adapter's own where it has one; it must exist and be kept in 32 bits. */
    public Tensor get(String name) {
        Tensor own = adapter == null ? null : adapter.trainable().get(name);
        return own != null ? own : base(name);
    }

    /** The base model's tensor of that name; it must exist and be kept in 32 bits. */
    Tensor base(String name) {
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
        return isReplaced(name) ? new DenseWeight(get(name), isTransposed) : baseWeight(name, isTransposed);
    }

    /** As {@link #weight}, the base model's own. */
    Weight baseWeight(String name, boolean isTransposed) {
        StoredMatrix matrix = frozen.get(name);
        return matrix == null ? new DenseWeight(base(name), isTransposed) : new FrozenWeight(matrix, blocks);
    }

    /** Whether the active adapter has a tensor of its own in the place of the base model's. */
    boolean isReplaced(String name) {
        return adapter != null && adapter.replaced().containsKey(name);
    }

    /** Has the model compute with an adapter, or with none: null. Whoever took tensors before takes them again. */
    void activate(Adapter other) {
        adapter = other;
    }

    /** What the active adapter adds to a module, or null. */
    LoraLayer lora(String module) {
        return adapter == null ? null : adapter.layers().get(module);
    }

    /** Adds a tensor to the base model and takes it over. */
    void add(String name, Tensor tensor) {
        tensors.put(name, tensor);
    }

    /** Leaves the base model as it is while an adapter is trained, until {@link #thawBase}. */
    void freezeBase() {
        trainedBefore.addAll(trainable().keySet());
        setTrainable(name -> false);
    }

    /** Lets what was trained before {@link #freezeBase} be trained again. */
    void thawBase() {
        setTrainable(trainedBefore::contains);
        trainedBefore.clear();
    }

    private void setTrainable(Predicate<String> trained) {
        tensors.forEach((name, tensor) -> {
            try (Scope scope = Scope.open()) {
                tensor.set_requires_grad(trained.test(name));
            }
        });
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
        if (adapter != null) {
            trained.putAll(adapter.trainable());
        }
        return trained;
    }

    /** Whether a tensor is trained whose name starts with {@code prefix}. */
    boolean isTrainable(String prefix) {
        return trainable().keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    /** Number of scalar values in all tensors together, those of the active adapter included. */
    public long count() {
        return sizes().values().stream().mapToLong(size -> size).sum()
                + (adapter == null ? 0 : count(adapter.trainable()));
    }

    /** Number of scalar values that are trained. */
    public long trainableCount() {
        return count(trainable());
    }

    private static long count(Map<String, Tensor> tensors) {
        return tensors.values().stream().mapToLong(Tensor::numel).sum();
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
