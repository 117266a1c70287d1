package io.trainer4j.model;

import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What a forward pass leaves for its backward: the places where it was cut, newest first. Between two of them libtorch's
 * autograd works as usual; at a cut the gradient waits on a leaf until all that was computed from the leaf has added to it,
 * which is so when every newer entry is done.
 */
final class Tape implements AutoCloseable {
    private final Deque<TapeEntry> entries = new ArrayDeque<>();
    private final List<Tensor> held = new ArrayList<>();
    private final IdentityHashMap<Tensor, TapeEntry> dropped = new IdentityHashMap<>();
    private int complete;

    Tensor cut(Tensor x) {
        if (!x.requires_grad() || x.is_leaf()) {
            return x;
        }
        return add(new TapeEntry.Cut(Scope.own(x), leaf(x.detach(), true)));
    }

    Tensor product(Tensor x, Weight weight, Tensor bias, List<LowRank> added, ValueUse use) {
        Tensor input = cut(x);
        List<LowRank> parts =
                added.stream().map(part -> part.with(cut(part.inner()))).toList();
        boolean needed = input.requires_grad()
                || weight.isTrainable()
                || (bias != null && bias.requires_grad())
                || parts.stream().anyMatch(LowRank::requiresGrad);
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor output = use == ValueUse.NONE ? valueless(input, weight.outFeatures()) : weight.linear(input, bias);
            if (use != ValueUse.NONE) {
                parts.forEach(part -> part.addTo(output));
            }
            if (!needed) {
                return scope.keep(output);
            }
            parts.forEach(part -> Scope.own(part.inner()));
            return scope.keep(
                    add(new TapeEntry.Product(Scope.own(input), weight, bias, parts, use, leaf(output, true))));
        }
    }

    /** A product's shape without memory for its values. */
    private static Tensor valueless(Tensor input, long outFeatures) {
        long[] shape = input.shape();
        shape[shape.length - 1] = outFeatures;
        return TapeEntry.shapeOf(input.detach(), shape);
    }

    /** A norm of which the input is kept only: the values that products take are computed again for their backward. */
    Tensor norm(Tensor x, Tensor scale, double epsilon) {
        Tensor input = cut(x);
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor values = Layers.rmsNorm(input, scale, epsilon);
            return scope.keep(add(new TapeEntry.Norm(Scope.own(input), scale, epsilon, leaf(values, true))));
        }
    }

    /**
     * {@code silu(gate) * up}, of which gate and up are kept only.
     *
     * @param type what they are rounded to, for the backward pass and the product
     */
    Tensor gated(Tensor gate, Tensor up, ScalarType type) {
        Tensor cutGate = cut(gate);
        Tensor cutUp = cut(up);
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor keptGate = rounded(cutGate, type);
            Tensor keptUp = rounded(cutUp, type);
            Tensor product =
                    SiluGate.values(keptGate, keptUp, cutGate.scalar_type().intern());
            return cutGate.requires_grad() || cutUp.requires_grad()
                    ? scope.keep(add(new TapeEntry.Gated(
                            Scope.own(cutGate),
                            Scope.own(cutUp),
                            Scope.own(keptGate),
                            Scope.own(keptUp),
                            leaf(product, true))))
                    : scope.keep(product);
        }
    }

    /** A function that draws no random numbers, of which the inputs are kept only. */
    Tensor computed(List<Tensor> given, Function<List<Tensor>, Tensor> function) {
        List<Tensor> inputs = given.stream().map(this::cut).toList();
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor values = function.apply(inputs);
            if (inputs.stream().noneMatch(Tensor::requires_grad)) {
                return scope.keep(values);
            }
            inputs.forEach(Scope::own);
            return scope.keep(add(new TapeEntry.Computed(inputs, function, leaf(values, true))));
        }
    }

    private static Tensor rounded(Tensor x, ScalarType type) {
        return x.scalar_type().intern() == type ? x : x.detach().to(type);
    }

    Tensor embedding(Tensor table, Tensor ids, int paddingIndex) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor rows = Layers.full(torch.embedding(table, ids));
            return scope.keep(add(new TapeEntry.Embedding(table, Scope.own(ids), paddingIndex, leaf(rows, true))));
        }
    }

    Tensor recomputed(Tensor x, Pass pass, BiFunction<Tensor, Pass, Tensor> body) {
        Tensor input = cut(x);
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor random = Scope.own(RandomState.save());
            Tensor output = body.apply(input, pass.unrecorded());
            return scope.keep(add(new TapeEntry.Recomputed(Scope.own(input), random, pass, body, leaf(output, true))));
        }
    }

    /** Frees the values of the block just computed that its backward does not need, or can make again. */
    void completeBlock() {
        entries.stream().limit(entries.size() - complete).forEach(entry -> {
            entry.drop();
            if (entry.restores()) {
                dropped.put(entry.leaf(), entry);
            }
        });
        complete = entries.size();
    }

    /** Keeps a tensor that a recomputed block will ask for. */
    void hold(Tensor shared) {
        held.add(Scope.own(shared));
    }

    private static Tensor leaf(Tensor values, boolean requiresGrad) {
        return Scope.own(values.set_requires_grad(requiresGrad));
    }

    private Tensor add(TapeEntry entry) {
        entries.push(entry);
        return entry.leaf();
    }

    /** Memory of what the entries keep; what several of them share counts once. */
    long bytes() {
        Map<Long, Long> byAddress = new HashMap<>();
        try (Scope scope = Scope.open()) {
            Stream.concat(entries.stream().flatMap(entry -> entry.kept().stream()), held.stream())
                    .filter(Tensor::is_non_overlapping_and_dense) // else it has a shape only
                    .forEach(tensor -> byAddress.merge(tensor.data_ptr().address(), tensor.nbytes(), Math::max));
        }
        return byAddress.values().stream().mapToLong(size -> size).sum();
    }

    void backward() {
        while (!entries.isEmpty()) {
            try (Scope scope = Scope.open();
                    TapeEntry entry = entries.pop()) {
                Tensor gradient = entry.leaf().grad();
                if (gradient.defined()) {
                    restoreFor(entry);
                    entry.backward(gradient);
                }
            }
        }
    }

    private void restoreFor(TapeEntry entry) {
        if (entry instanceof TapeEntry.Product product && product.needsInput()) {
            TapeEntry source = dropped.remove(product.input());
            if (source != null) {
                source.restore();
            }
        }
    }

    @Override
    public void close() {
        while (!entries.isEmpty()) {
            entries.pop().close();
        }
        held.forEach(Tensor::close);
        held.clear();
    }
}
