package io.trainer4j.model;

import io.trainer4j.tensor.Scope;
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

/** The tensors of one model by name, in the order of {@code named_parameters()}; owner of their memory. */
public final class Parameters implements AutoCloseable {
    private final Map<String, Tensor> tensors;

    private Parameters(Map<String, Tensor> tensors) {
        this.tensors = tensors;
    }

    /** Allocates every parameter of the list; {@code source} fills one and returns false to have it initialised. */
    static Parameters create(List<ParameterSpec> specs, double initializerRange, Function<String, Tensor> source) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (ParameterSpec spec : specs) {
            try (Scope scope = Scope.open()) {
                Tensor loaded = source.apply(spec.name());
                Tensor tensor = loaded != null ? loaded : initialised(spec, initializerRange);
                tensors.put(spec.name(), Scope.own(tensor.set_requires_grad(true)));
            }
        }
        return new Parameters(tensors);
    }

    private static Tensor initialised(ParameterSpec spec, double initializerRange) {
        Tensor tensor = TensorData.zeros(spec.shape());
        return switch (spec.init()) {
            case NORMAL -> tensor.normal_(0, initializerRange * spec.gain(), new GeneratorOptional());
            case ONES -> tensor.fill_(new Scalar(1.0));
            case ZEROS -> tensor;
        };
    }

    /** The tensor of that name; it must exist. */
    public Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no parameter " + name);
        }
        return tensor;
    }

    /** Name to tensor, in order, unmodifiable. The tensors are the model's own: changing them changes the model. */
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
    }
}
