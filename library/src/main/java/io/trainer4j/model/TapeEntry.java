package io.trainer4j.model;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;

/** A place where a {@link Tape} is cut; it owns the tensors it holds. */
sealed interface TapeEntry extends AutoCloseable {
    /** The leaf whose gradient is complete when this entry's turn comes. */
    Tensor leaf();

    /** What is kept for the backward pass, parameters excepted. */
    List<Tensor> kept();

    /** Carries a gradient on, to older leaves and to parameters. */
    void backward(Tensor gradient);

    /** Frees values that nobody asks for before {@link #restore}, when the block that made them is through. */
    default void drop() {}

    /** Whether {@link #drop} takes the leaf's values away until they are restored. */
    default boolean restores() {
        return false;
    }

    /** Computes the leaf's values once more. */
    default void restore() {}

    @Override
    void close();

    private static void backward(Tensor tensor, Tensor gradient) {
        tensor.backward(gradient, new BoolOptional(false), false, new TensorArrayRefOptional());
    }

    /** Computes a function once more, of copies of its inputs, and carries the gradient of its result on to these. */
    private static void again(List<Tensor> inputs, Function<List<Tensor>, Tensor> function, Tensor gradient) {
        List<Tensor> copies = inputs.stream()
                .map(input -> input.detach().set_requires_grad(input.requires_grad()))
                .toList();
        backward(function.apply(copies), gradient);
        for (int i = 0; i < copies.size(); i++) {
            if (inputs.get(i).requires_grad()) {
                Pass.accumulate(inputs.get(i), copies.get(i).grad());
            }
        }
    }

    /** Leaves a tensor its shape and its place in the graph, and no memory. */
    private static void forget(Tensor values) {
        try (Scope scope = Scope.open()) {
            values.set_data(shapeOf(values.detach(), values.shape()));
        }
    }

    /** A tensor of a shape, without memory for its values, which are 0. */
    static Tensor shapeOf(Tensor like, long... shape) {
        return torch.zeros(new long[] {1}, like.options()).expand(shape);
    }

    /** Nothing is computed; the graph that gave {@code source} ends here. */
    record Cut(Tensor source, Tensor leaf) implements TapeEntry {
        @Override
        public List<Tensor> kept() {
            return List.of(source, leaf);
        }

        @Override
        public void backward(Tensor gradient) {
            TapeEntry.backward(source, gradient);
        }

        @Override
        public void close() {
            source.close();
            leaf.close();
        }
    }

    /** {@code leaf = input W^T + bias + added}. */
    record Product(Tensor input, Weight weight, Tensor bias, List<LowRank> added, ValueUse use, Tensor leaf)
            implements TapeEntry {
        /** Whether its backward takes the values of {@link #input}, which may have been dropped. */
        boolean needsInput() {
            return weight.isTrainable();
        }

        @Override
        public void drop() {
            if (use == ValueUse.FORWARD_ONLY) {
                forget(leaf);
            }
        }

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

    /** {@code leaf = normalised(input) * scale}, of which the input is kept only. */
    record Norm(Tensor input, Tensor scale, double epsilon, Tensor leaf) implements TapeEntry {
        @Override
        public List<Tensor> kept() {
            return List.of(input, leaf);
        }

        @Override
        public void backward(Tensor gradient) {
            again(List.of(input), inputs -> Layers.rmsNorm(inputs.get(0), scale, epsilon), gradient);
        }

        @Override
        public void drop() {
            forget(leaf);
        }

        @Override
        public boolean restores() {
            return true;
        }

        @Override
        public void restore() {
            try (Scope scope = Scope.open();
                    NoGradGuard noGrad = new NoGradGuard()) {
                leaf.set_data(Layers.rmsNorm(input.detach(), scale.detach(), epsilon));
            }
        }

        @Override
        public void close() {
            input.close();
            leaf.close();
        }
    }

    /**
     * {@code leaf = silu(gate) * up}; neither the activation nor the product is kept.
     *
     * @param keptGate the gate, or what is kept of it in 16 bits
     * @param keptUp likewise
     */
    record Gated(Tensor gate, Tensor up, Tensor keptGate, Tensor keptUp, Tensor leaf) implements TapeEntry {
        @Override
        public List<Tensor> kept() {
            return List.of(gate, up, keptGate, keptUp, leaf);
        }

        @Override
        public void drop() {
            forget(leaf);
            if (keptGate.scalar_type().intern() != gate.scalar_type().intern()) {
                forget(gate);
                forget(up);
            }
        }

        @Override
        public boolean restores() {
            return true;
        }

        @Override
        public void restore() {
            try (Scope scope = Scope.open();
                    NoGradGuard noGrad = new NoGradGuard()) {
                leaf.set_data(SiluGate.values(
                        keptGate.detach(), keptUp.detach(), leaf.scalar_type().intern()));
            }
        }

        @Override
        public void backward(Tensor gradient) {
            try (NoGradGuard noGrad = new NoGradGuard()) {
                if (up.requires_grad()) {
                    Pass.accumulate(up, SiluGate.byUp(keptGate, gradient));
                }
                if (gate.requires_grad()) {
                    Pass.accumulate(gate, SiluGate.byGate(keptGate, keptUp, gradient));
                }
            }
        }

        @Override
        public void close() {
            gate.close();
            up.close();
            keptGate.close();
            keptUp.close();
            leaf.close();
        }
    }

    /** {@code leaf = function(inputs)}, without what autograd would keep of it. */
    record Computed(List<Tensor> inputs, Function<List<Tensor>, Tensor> function, Tensor leaf) implements TapeEntry {
        @Override
        public List<Tensor> kept() {
            List<Tensor> kept = new ArrayList<>(inputs);
            kept.add(leaf);
            return kept;
        }

        @Override
        public void backward(Tensor gradient) {
            again(inputs, function, gradient);
        }

        @Override
        public void close() {
            inputs.forEach(Tensor::close);
            leaf.close();
        }
    }

    /** {@code leaf = table[ids]}; the table's gradient gets these rows only, never a copy of the whole table. */
    record Embedding(Tensor table, Tensor ids, int paddingIndex, Tensor leaf) implements TapeEntry {
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
    record Recomputed(Tensor input, Tensor random, Pass first, BiFunction<Tensor, Pass, Tensor> body, Tensor leaf)
            implements TapeEntry {
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
                TapeEntry.backward(body.apply(again, pass), gradient);
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
