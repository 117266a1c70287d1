package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The zeros of pruned matrices, held while the rest of them is trained. Embeddings, biases and heads are no such matrices:
 * their zeros are values like others.
 */
final class KeptZeros implements AutoCloseable {
    private final List<Entry> entries = new ArrayList<>();

    /**
     * @param mask bool, true where the parameter stays zero
     */
    private record Entry(Tensor parameter, Tensor mask) {}

    private KeptZeros() {}

    /** Holds what {@code keep_zeros} asks for: the zeros there are now. */
    static KeptZeros of(PretrainedModel model, TrainingArguments arguments) {
        KeptZeros zeros = new KeptZeros();
        if (arguments.keepZeros()) {
            try (Scope scope = Scope.open();
                    NoGradGuard noGrad = new NoGradGuard()) {
                matrices(model).values().forEach(matrix -> {
                    Tensor mask = matrix.eq(new Scalar(0.0));
                    if (mask.any().item_bool()) {
                        zeros.entries.add(new Entry(matrix, Scope.own(mask)));
                    }
                });
            }
        }
        return zeros;
    }

    private static Map<String, Tensor> matrices(PretrainedModel model) {
        Map<String, Tensor> matrices = new LinkedHashMap<>(model.parameters().asMap()); // without those of adapters
        matrices.entrySet()
                .removeIf(entry -> entry.getValue().dim() != 2
                        || !entry.getValue().requires_grad()
                        || model.layerNames().stream()
                                .noneMatch(layer -> entry.getKey().startsWith(layer)));
        return matrices;
    }

    /**
     * What is held, for the plan.
     *
     * @throws UsageException if there is no zero to hold
     */
    static RunPlan.Item decision(PretrainedModel model) {
        long all = 0;
        long zeros = 0;
        for (Tensor matrix : matrices(model).values()) {
            try (Scope scope = Scope.open()) {
                all += matrix.numel();
                zeros += matrix.numel() - matrix.count_nonzero().item_long();
            }
        }
        if (zeros == 0) {
            throw new UsageException(
                    "Option keep_zeros finds no zeros in the model's own matrices that are trained; prune"
                            + " it first with trainer4j prune and train it without an adapter, or leave the option out.");
        }
        return new RunPlan.Item(
                "zeros",
                "%,d of %,d weights of the layers' matrices stay zero".formatted(zeros, all),
                "keep_zeros: sparse as loaded");
    }

    /** Takes the gradients of the zeros away, so that neither the norm nor the optimizer's state knows of them. */
    void clearGradients() {
        for (Entry entry : entries) {
            try (Scope scope = Scope.open();
                    NoGradGuard noGrad = new NoGradGuard()) {
                Tensor gradient = entry.parameter().grad();
                if (gradient.defined()) {
                    gradient.masked_fill_(entry.mask(), new Scalar(0.0));
                }
            }
        }
    }

    /** Makes them zero again, whatever the optimizer did. */
    void restore() {
        for (Entry entry : entries) {
            try (Scope scope = Scope.open();
                    NoGradGuard noGrad = new NoGradGuard()) {
                entry.parameter().masked_fill_(entry.mask(), new Scalar(0.0));
            }
        }
    }

    @Override
    public void close() {
        entries.forEach(entry -> entry.mask().close());
        entries.clear();
    }
}
