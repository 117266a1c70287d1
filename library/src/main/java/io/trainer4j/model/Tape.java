package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * What a forward pass leaves for its backward: the places where it was cut, newest first. Between two of them libtorch's
 * autograd works as usual; at a cut the gradient waits on a leaf until all that was computed from the leaf has added to it,
 * which is so when every newer entry is done.
 */
final class Tape implements AutoCloseable {
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final List<Tensor> held = new ArrayList<>();

    /** A place where the graph is cut; it owns the tensors it holds. */
    private sealed interface Entry extends AutoCloseable {
        /** The leaf whose gradient is complete when this entry's turn comes. */
        Tensor leaf();

        /** What is kept for the backward pass, parameters excepted. */
        List<Tensor> kept();

        /** Carries a gradient on, to older leaves and to parameters. */
        void backward(Tensor gradient);

        @Override
        void close();
    }

    Tensor cut(Tensor x) {
        if (!x.requires_grad() || x.is_leaf()) {
            return x;
        }
        return add(new Cut(Scope.own(x), leaf(x.detach(), true)));
    }

    Tensor product(Tensor x, Weight weight, Tensor bias, List<LowRank> added) {
        Tensor input = cut(x);
        List<LowRank> parts =
                added.stream().map(part -> part.with(cut(part.inner()))).toList();
        boolean needed = input.requires_grad()
                || weight.isTrainable()
                || (bias != null && bias.requires_grad())
                || parts.stream().anyMatch(LowRank::requiresGrad);
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor output = weight.linear(input, bias);
            parts.forEach(part -> part.addTo(output));
            if (!needed) {
                return scope.keep(output);
            }
            parts.forEach(part -> Scope.own(part.inner()));
            return scope.keep(add(new Product(Scope.own(input), weight, bias, parts, leaf(output, true))));
        }
    }

    Tensor gated(Tensor gate, Tensor up) {
        Tensor cutGate = cut(gate);
        Tensor cutUp = cut(up);
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor product = torch.silu(cutGate).mul_(cutUp);
            return cutGate.requires_grad() || cutUp.requires_grad()
                    ? scope.keep(add(new Gated(Scope.own(cutGate), Scope.own(cutUp), leaf(product, true))))
                    : scope.keep(product);
        }
    }

    Tensor embedding(Tensor table, Tensor ids, int paddingIndex) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor rows = Layers.full(torch.embedding(table, ids));
            return scope.keep(add(new Embedding(table, Scope.own(ids), paddingIndex, leaf(rows, true))));
        }
    }

    Tensor recomputed(Tensor x, Pass pass, BiFunction<Tensor, Pass, Tensor> body) {
        Tensor input = cut(x);
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor random = Scope.own(RandomState.save());
            Tensor output = body.apply(input, pass.unrecorded());
            return scope.keep(add(new Recomputed(Scope.own(input), random, pass, body, leaf(output, true))));
        }
    }

    /** Keeps a tensor that a recomputed block will ask for. */
    void hold(Tensor shared) {
        held.add(Scope.own(shared));
    }

    private static Tensor leaf(Tensor values, boolean requiresGrad) {
        return Scope.own(values.set_requires_grad(requiresGrad));
    }

    private Tensor add(Entry entry) {
        entries.push(entry);
        return entry.leaf();
    }

    /** Memory of what the entries keep; what several of them share counts once. */
    long bytes() {
        Map<Long, Long> byAddress = new HashMap<>();
        try (Scope scope = Scope.open()) {
            Stream.concat(entries.stream().flatMap(entry -> entry.kept().stream()), held.stream())
                    .forEach(tensor -> byAddress.merge(tensor.data_ptr().address(), tensor.nbytes(), Math::max));
        }
        return byAddress.values().stream().mapToLong(size -> size).sum();
    }

    void backward() {
        while (!entries.isEmpty()) {
            try (Scope scope = Scope.open();
                    Entry entry = entries.pop()) {
                Tensor gradient = entry.leaf().grad();
                if (gradient.defined()) {
                    entry.backward(gradient);
                }
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

    private static void backward(Tensor tensor, Tensor gradient) {
        tensor.backward(gradient, new BoolOptional(false), false, new TensorArrayRefOptional());
    }

    /** Nothing is computed; the graph that gave {@code source} ends here. */
    private record Cut(Tensor source, Tensor leaf) implements Entry {
        @Override
        public List<Tensor> kept() {
            return List.of(source, leaf);
        }

        @Override
        public void backward(Tensor gradient) {
            Tape.backward(source, gradient);
        }

        @Override
        public void close() {
            source.close();
            leaf.close();
        }
    }

    /** {@code leaf = input W^T + bias + added}. */
    private record Product(Tensor input, Weight weight, Tensor bias, List<LowRank> added, Tensor leaf)
            implements Entry {
        @Override
        public List<Tensor> kept() {
            return List.of(input, leaf);
        }

        @Override
        public void backward(Tensor gradient) {
            try (NoGradGuard noGrad = new NoGradGuard()) {
                Tensor rows = gradient.reshape(-1, gradient.size(-1));
                if (weight.isTrainable()) {
                    weight.addGradient(rows, input.reshape(-1, input.size(-1)));
                }
                if (bias != null && bias.requires_grad()) {
                    Pass.accumulate(bias, rows.sum(0));
                }
                added.forEach(part -> part.backward(rows));
                if (input.requires_grad()) {
                    Pass.accumulate(input, weight.transposed(rows).view(input.sizes()));
                }
            }
        }

        @Override
        public void close() {
            input.close();
            added.forEach(part -> part.inner().close());
            leaf.close();
        }
    }

    /** {@code leaf = silu(gate) * up}; the activation itself is not kept. */
    private record Gated(Tensor gate, Tensor up, Tensor leaf) implements Entry {
        @Override
        public List<Tensor> kept() {
            return List.of(gate, up, leaf);
        }

        @Override
        public void backward(Tensor gradient) {
            try (NoGradGuard noGrad = new NoGradGuard()) {
                if (up.requires_grad()) {
                    Pass.accumulate(up, torch.silu(gate).mul_(gradient));
                }
                if (gate.requires_grad()) {
                    Pass.accumulate(gate, torch.silu_backward(gradient.mul(up), gate));
                }
            }
        }

        @Override
        public void close() {
            gate.close();
            up.close();
            leaf.close();
        }
    }

    /** {@code leaf = table[ids]}; the table's gradient gets these rows only, never a copy of the whole table. */
    private record Embedding(Tensor table, Tensor ids, int paddingIndex, Tensor leaf) implements Entry {
        @Override
        public List<Tensor> kept() {
            return List.of(ids, leaf);
        }

        @Override
        public void backward(Tensor gradient) {
            try (NoGradGuard noGrad = new NoGradGuard()) {
                Tensor rows = gradient.reshape(-1, gradient.size(-1));
                Tensor flat = ids.reshape(-1);
                if (paddingIndex >= 0) {
                    rows = rows.masked_fill(flat.eq(new Scalar(paddingIndex)).unsqueeze(1), new Scalar(0.0));
                }
                if (!table.mutable_grad().defined()) {
                    table.mutable_grad().put(torch.zeros_like(table));
                }
                addRows(flat, rows);
            }
        }

        /** A token's rows are added up in 32 bits before they are rounded to the table's format. */
        private void addRows(Tensor flat, Tensor rows) {
            if (table.scalar_type().intern() == rows.scalar_type().intern()) {
                table.grad().index_add_(0, flat, rows);
                return;
            }
            long[] tokens = TensorData.toLongs(flat);
            Map<Long, Long> places = new LinkedHashMap<>();
            for (long token : tokens) {
                places.putIfAbsent(token, (long) places.size());
            }
            long[] place = Arrays.stream(tokens).map(places::get).toArray();
            Tensor sums = torch.zeros_like(rows).narrow(0, 0, places.size());
            Device device = Device.of(rows);
            sums.index_add_(0, device.putNew(TensorData.longs(place)), rows);
            long[] distinct = places.keySet().stream().mapToLong(id -> id).toArray();
            table.grad().index_add_(0, device.putNew(TensorData.longs(distinct)), Layers.as(sums, table));
        }

        @Override
        public void close() {
            ids.close();
            leaf.close();
        }
    }

    /** A block of which only the input was kept. */
    private record Recomputed(
            Tensor input, Tensor random, Pass first, BiFunction<Tensor, Pass, Tensor> body, Tensor leaf)
            implements Entry {
        @Override
        public List<Tensor> kept() {
            return List.of(input, random, leaf);
        }

        @Override
        public void backward(Tensor gradient) {
            Tensor now = RandomState.save();
            RandomState.restore(random);
            try (Pass pass = first.again()) {
                Tensor again = input.detach().set_requires_grad(input.requires_grad());
                Tape.backward(body.apply(again, pass), gradient);
                pass.backward();
                if (input.requires_grad()) {
                    Pass.accumulate(input, again.grad());
                }
            } finally {
                RandomState.restore(now);
            }
        }

        @Override
        public void close() {
            input.close();
            random.close();
            leaf.close();
        }
    }
}
