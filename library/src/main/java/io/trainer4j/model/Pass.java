package io.trainer4j.model;

import io.trainer4j.tensor.Engine;
import io.trainer4j.tensor.Scope;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One run of a network: whether dropout is active, and what its backward pass will need.
 *
 * <p>A plain pass leaves the backward pass to libtorch's autograd. A recorded pass is cut at every matrix product and at
 * every block: autograd sees the small operations between them, while the products' own backward is computed here, from the
 * weights as they are stored, and each block's memory is free before the next one starts. Its backward takes two steps:
 *
 * <pre>{@code
 * try (Pass pass = Pass.recorded(Checkpointing.NONE)) {
 *     Tensor loss = ...model.logits(input, pass)...;
 *     pass.backward(loss);   // from the loss to the network's last block, and through it
 * }
 * }</pre>
 *
 * <p>Belongs to one thread and one forward pass. Closing frees what was recorded and is harmless for a plain pass.
 */
public final class Pass implements AutoCloseable {
    /** Blocks whose freed values wait among those that are kept until they are given back to the system. */
    private static final int BLOCKS_BETWEEN = 4;

    private static final Pass TRAIN = unrecorded(Mode.TRAIN, Precision.FLOAT32, LayerObserver.NONE);
    private static final Pass EVAL = unrecorded(Mode.EVAL, Precision.FLOAT32, LayerObserver.NONE);

    private final Mode mode;
    private final Tape tape;
    private final Checkpointing checkpointing;
    private final Precision precision;
    private final FrozenStates frozen;
    private final LayerObserver observer;
    private final double lossScale;
    private PaddedRandom padded;
    private boolean runsAgain;
    private ValueUse use = ValueUse.FOR_GRADIENTS;
    private int position;
    private int blocks;

    private Pass(
            Mode mode,
            Tape tape,
            Checkpointing checkpointing,
            Precision precision,
            FrozenStates frozen,
            LayerObserver observer,
            double lossScale) {
        this.lossScale = lossScale;
        this.precision = precision;
        this.frozen = frozen;
        this.observer = observer;
        this.mode = mode;
        this.tape = tape;
        this.checkpointing = checkpointing;
    }

    /** A pass without a record. */
    public static Pass of(Mode mode) {
        return mode == Mode.TRAIN ? TRAIN : EVAL;
    }

    /** A training pass with a record of its own. */
    public static Pass recorded(Checkpointing checkpointing) {
        return recorded(checkpointing, Precision.FLOAT32, null);
    }

    /**
     * As {@link #recorded(Checkpointing)}, for a precision and a network whose lower blocks may be frozen.
     *
     * @param frozen what they gave or are to give for this input, or null where nothing is known of it
     */
    public static Pass recorded(Checkpointing checkpointing, Precision precision, FrozenStates frozen) {
        return recorded(checkpointing, precision, frozen, 1);
    }

    /**
     * As {@link #recorded(Checkpointing, Precision, FrozenStates)}, with gradients that are {@code lossScale} times those of
     * the loss, so that small ones are numbers in 16 bits too.
     */
    public static Pass recorded(
            Checkpointing checkpointing, Precision precision, FrozenStates frozen, double lossScale) {
        return new Pass(Mode.TRAIN, new Tape(), checkpointing, precision, frozen, LayerObserver.NONE, lossScale);
    }

    /** The same pass for a block that keeps nothing, with autograd off. */
    Pass unrecorded() {
        Pass pass = unrecorded(Mode.TRAIN, precision, LayerObserver.NONE);
        pass.padded = padded;
        return pass;
    }

    /** The same pass for a block that is computed again, with a record of its own. */
    Pass again() {
        Pass pass = recorded(Checkpointing.NONE, precision, null);
        pass.padded = padded;
        pass.runsAgain = true;
        return pass;
    }

    /**
     * The summand that a block ends with. Where the block runs again, for its gradients only, nobody asks for the sum, and the
     * values of the summand's products are not computed.
     *
     * @param summand products whose values nothing but that sum takes
     */
    Tensor last(Function<Pass, Tensor> summand) {
        return summand.apply(with(runsAgain ? ValueUse.NONE : ValueUse.FORWARD_ONLY));
    }

    /**
     * Computes products whose values are taken by operations only whose gradients do not depend on them: sums, products with
     * what is not trained, other shapes.
     */
    Tensor passedOn(Function<Pass, Tensor> products) {
        return products.apply(with(ValueUse.FORWARD_ONLY));
    }

    /** The same pass for what takes the values of its products into its gradients. */
    Pass forGradients() {
        return with(ValueUse.FOR_GRADIENTS);
    }

    private Pass with(ValueUse other) {
        if (tape == null || use == other) {
            return this;
        }
        Pass pass = new Pass(mode, tape, checkpointing, precision, frozen, observer, lossScale);
        pass.padded = padded;
        pass.use = other;
        return pass;
    }

    /** Root-mean-square normalisation; see {@link Layers#rmsNorm}. A start of its own for the backward pass, for products only. */
    Tensor rmsNorm(Tensor x, Tensor scale, double epsilon) {
        return tape != null && (x.requires_grad() || scale.requires_grad())
                ? tape.norm(x, scale, epsilon)
                : Layers.rmsNorm(x, scale, epsilon);
    }

    /** A pass without a record that shows an observer the inside of a {@link Decoder}'s blocks. */
    static Pass observed(LayerObserver observer) {
        return unrecorded(Mode.EVAL, Precision.FLOAT32, observer);
    }

    private static Pass unrecorded(Mode mode, Precision precision, LayerObserver observer) {
        return new Pass(mode, null, Checkpointing.NONE, precision, null, observer, 1);
    }

    /** What products are computed in. */
    Precision precision() {
        return precision;
    }

    /** Who is shown the inside of blocks. */
    LayerObserver observer() {
        return observer;
    }

    /** Whether dropout is active. */
    boolean training() {
        return mode == Mode.TRAIN;
    }

    boolean isRecorded() {
        return tape != null;
    }

    /** Whether what enters the lowest recorded block is kept for this input, or read from where it is. */
    boolean keepsStates() {
        return frozen != null;
    }

    /** Has random numbers drawn as if the packed row were the padded batch it was made of; in a recorded pass only. */
    void drawAs(PaddedRandom batch) {
        padded = batch;
    }

    /** How random numbers of the packed row are drawn; null where its own layout counts. */
    PaddedRandom padded() {
        return padded;
    }

    /** The same values, some of them 0 and the others larger while dropout is active. */
    Tensor dropout(Tensor x, double probability) {
        return padded != null && probability > 0 && padded.isOf(x)
                ? x.mul(padded.dropout(x, probability))
                : Layers.dropout(x, probability, training());
    }

    /**
     * The same values as a start of its own for the backward pass; {@code x} itself where there is no record. What several
     * products or a product and another operation take must be cut before it is shared.
     */
    Tensor cut(Tensor x) {
        return tape == null ? x : tape.cut(x);
    }

    /**
     * Runs one block of a network.
     *
     * @param x what the block before gave
     * @param trainable whether the block holds a parameter that is trained
     * @param body the block; it must depend on nothing but its input, its parameters and the random stream
     */
    Tensor block(Tensor x, boolean trainable, BiFunction<Tensor, Pass, Tensor> body) {
        if (tape == null) {
            return body.apply(x, this);
        }
        if (frozen == null) {
            return recordedBlock(x, trainable, body);
        }
        int index = position++;
        if (index < frozen.blocks() && frozen.areKnown()) {
            return x;
        }
        return recordedBlock(index == frozen.blocks() ? frozen.entering(x) : x, trainable, body);
    }

    private Tensor recordedBlock(Tensor x, boolean trainable, BiFunction<Tensor, Pass, Tensor> body) {
        if (!trainable && !x.requires_grad()) {
            try (NoGradGuard noGrad = new NoGradGuard()) {
                return body.apply(x, unrecorded());
            }
        }
        if (checkpointing.covers(blocks++)) {
            return tape.recomputed(x, this, body);
        }
        Tensor result = body.apply(tape.cut(x), this);
        tape.completeBlock();
        if (precision.isForMemory() && blocks % BLOCKS_BETWEEN == 0) {
            Engine.giveBackFreedMemory();
        }
        return result;
    }

    /** Keeps what blocks share beside their input, such as a mask, as long as they or parts of them may be computed again. */
    Tensor hold(Tensor shared) {
        if (tape != null) {
            tape.hold(shared);
        }
        return shared;
    }

    /** {@code x [..., in]} times the transpose of the matrix, plus {@code bias [out]}, which may be null. */
    Tensor product(Tensor x, Weight weight, Tensor bias) {
        return product(x, weight, bias, List.of());
    }

    /** As {@link #product(Tensor, Weight, Tensor)}, with products of small rank added to it. */
    Tensor product(Tensor x, Weight weight, Tensor bias, List<LowRank> added) {
        Weight factor = precision.factor(weight);
        if (tape != null) {
            return tape.product(x, factor, bias, added, use);
        }
        Tensor sum = factor.linear(x, bias);
        for (LowRank part : added) {
            sum = part.addTo(sum);
        }
        return sum;
    }

    /** {@code x [..., in]} times the transpose of a small matrix {@code [out, in]}, in 32 bits whatever the precision. */
    Tensor exactProduct(Tensor x, Tensor matrix) {
        Weight weight = new DenseWeight(matrix, false);
        return tape == null ? weight.linear(x, null) : tape.product(x, weight, null, List.of(), ValueUse.FOR_GRADIENTS);
    }

    /**
     * What a function gives. The backward pass computes it again, so that only its inputs are kept.
     *
     * @param function draws no random numbers
     */
    Tensor computed(List<Tensor> inputs, Function<List<Tensor>, Tensor> function) {
        return tape == null ? function.apply(inputs) : tape.computed(inputs, function);
    }

    /** {@code activation(gate) * up}, element by element; both rounded where they are kept in 16 bits. */
    Tensor gated(Activation activation, Tensor gate, Tensor up) {
        return tape != null && activation == Activation.SILU
                ? tape.gated(gate, up, precision.kept())
                : activation.apply(precision.rounded(gate)).mul(precision.rounded(up));
    }

    /**
     * Rows of a table.
     *
     * @param ids {@code [...]}
     * @param paddingIndex the row that gets no gradient, or -1
     * @return {@code [..., H]}
     */
    Tensor embedding(Tensor table, Tensor ids, int paddingIndex) {
        if (tape != null && table.requires_grad()) {
            return tape.embedding(table, ids, paddingIndex);
        }
        return Layers.full(torch.embedding(table, ids, paddingIndex, false, false));
    }

    /** As {@link #embedding(Tensor, Tensor, int)}, of a table in whatever form it is kept. */
    Tensor embedding(Weight table, Tensor ids, int paddingIndex) {
        return table instanceof DenseWeight dense ? embedding(dense.stored(), ids, paddingIndex) : table.rows(ids);
    }

    /** Memory of what the record keeps; what autograd keeps between the cuts is not among it. 0 without a record. */
    public long recordedBytes() {
        return tape == null ? 0 : tape.bytes();
    }

    /** What the loss is multiplied by before its gradients are taken; 1 where it is not scaled. */
    public double lossScale() {
        return lossScale;
    }

    /** Takes the gradients of a loss, scaled, and carries them through the network to the parameters. */
    public void backward(Tensor loss) {
        try (Scope scope = Scope.open()) {
            (lossScale == 1 ? loss : loss.mul(new Scalar(lossScale))).backward();
        }
        backward();
    }

    /** Carries the gradients that the loss left on the network's output back through it, to the parameters. */
    public void backward() {
        if (tape != null) {
            tape.backward();
        }
    }

    @Override
    public void close() {
        if (tape != null) {
            tape.close();
        }
    }

    /** Adds to a tensor's gradient. */
    static void accumulate(Tensor tensor, Tensor gradient) {
        try (Scope scope = Scope.open()) {
            Tensor sum = tensor.mutable_grad();
            if (sum.defined()) {
                sum.add_(gradient);
            } else {
                sum.put(Layers.as(gradient, tensor));
            }
        }
    }
}
