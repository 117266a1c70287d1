package io.trainer4j.train;

import io.trainer4j.model.BlockShape;
import io.trainer4j.model.Checkpointing;
import io.trainer4j.model.Precision;

/**
 * What takes memory while a model is trained, in bytes. The whole formula:
 *
 * <pre>
 * peak = process + weights + state + max(forward, update, evaluation)
 * forward = activations + scores + gradients   gradients: all of them where batches are accumulated, else only those that
 *                                              the loss writes before the network's backward begins
 * update  = gradients + block                  activations are freed as gradients are made
 * evaluation: one block and scores of the largest evaluation batch, of which nothing is kept
 * </pre>
 *
 * @param process the Java machine, its heap, libtorch and its buffers: measured, or {@link #TYPICAL_PROCESS}
 * @param weights weights in the form they are kept in
 * @param gradients one 32-bit number for each trained weight
 * @param early gradients that exist when activations take most
 * @param state what the optimizer remembers
 * @param activations what the forward pass of the longest batch keeps for its backward
 * @param block what one block keeps: also the working memory of its backward
 * @param scores scores of tokens that exist at one time
 * @param evaluation what the largest evaluation batch takes; 0 where nothing is evaluated
 */
record MemoryEstimate(
        long process,
        long weights,
        long gradients,
        long early,
        long state,
        long activations,
        long block,
        long scores,
        long evaluation) {
    /** Resident memory of the program before it opens a model, on Linux x86-64, where it cannot be measured. */
    static final long TYPICAL_PROCESS = 330L << 20;

    private static final long FLOAT = Float.BYTES;

    /** The most memory at one time. */
    long peak() {
        long forward = activations + scores + early;
        long update = gradients + block;
        return process + weights + state + Math.max(evaluation, Math.max(forward, update));
    }

    /**
     * What a recorded pass keeps of a block for one token, while it computes that block: the inputs and outputs of its
     * matrix products, each once.
     *
     * <p>A decoder's block keeps its input, the normalised input, the sum behind attention and that normalised (4 hidden),
     * what attention gave, all products, and what enters the last of them. An encoder's normalises behind the sums, so that
     * its input and the sum's norm are the inputs of products themselves (2 hidden).
     */
    static long recordedBytesPerToken(BlockShape shape) {
        long hidden = (shape.causal() ? 4 : 2) * shape.hidden();
        return FLOAT * (hidden + shape.attended() + shape.outputs() + shape.inner());
    }

    /**
     * What it keeps of a block that it has left. Of most decoders the backward pass makes the norms and the gated values
     * again, and does not need some products: there remain the input, the sum behind attention, what attention gave, the values,
     * the gates and what they multiply.
     */
    static long keptBytesPerToken(BlockShape shape, Precision precision) {
        return shape.isRemade()
                ? FLOAT * (2 * shape.hidden() + shape.attended() + shape.keys())
                        + 2L * precision.keptBytes() * shape.inner()
                : recordedBytesPerToken(shape);
    }

    /**
     * What autograd keeps between the products: of a decoder the rotated queries and keys and, unless they are made again,
     * the quotients inside its two norms; of an encoder the two sums before its norms and a byte for each value that dropout
     * may have dropped; of both the logarithm of the sum of each head's weights.
     */
    static long savedBytesPerToken(BlockShape shape) {
        long between = shape.causal() ? shape.attended() + shape.keys() : 0;
        long dropped = shape.causal() ? 0 : 2 * shape.hidden();
        long norms = shape.isRemade() ? 0 : 2 * shape.hidden();
        return FLOAT * (norms + between + shape.heads()) + dropped;
    }

    /** What attention keeps where it drops out weights: each of them before and after, which was dropped, and its operands. */
    static long attentionBytes(BlockShape shape, BatchShape batch) {
        if (!shape.dropsAttention()) {
            return 0;
        }
        long weights = shape.heads() * batch.rows() * batch.length() * batch.length();
        return weights * (2 * FLOAT + 1) + FLOAT * batch.tokens() * (shape.attended() + 2 * shape.keys());
    }

    /** What one block keeps of a batch, while it is computed. */
    static long blockBytes(BlockShape shape, BatchShape batch) {
        return batch.tokens() * (recordedBytesPerToken(shape) + savedBytesPerToken(shape))
                + attentionBytes(shape, batch);
    }

    /**
     * What all blocks keep: those that are computed again their input only, and one of them, while that happens, the rest.
     *
     * @param blocks blocks that are recorded: those above the frozen ones
     */
    static long activationBytes(
            BlockShape shape, BatchShape batch, int blocks, Checkpointing checkpointing, Precision precision) {
        int every = checkpointing.everyLayers();
        int again = every == 0 ? 0 : (blocks + every - 1) / every;
        long whole = (long) blocks - again + (again > 0 ? 1 : 0);
        long states = FLOAT * batch.tokens() * shape.hidden();
        long kept = batch.tokens() * (keptBytesPerToken(shape, precision) + savedBytesPerToken(shape))
                + attentionBytes(shape, batch);
        return (whole - 1) * kept
                + blockBytes(shape, batch)
                + (again + 2) * states; // the last result, and its gradient
    }

    /** What the network takes in an evaluation: the block that is computed, what enters it and what leaves it. */
    static long evaluationBytes(BlockShape shape, BatchShape batch) {
        long block = recordedBytesPerToken(shape) + savedBytesPerToken(shape);
        return batch.tokens() * (block + 2 * FLOAT * shape.hidden());
    }

    /** The same run with another measure of what the shapes do not tell. */
    MemoryEstimate withProcess(long bytes) {
        return new MemoryEstimate(bytes, weights, gradients, early, state, activations, block, scores, evaluation);
    }

    /** The same run without evaluations. */
    MemoryEstimate withoutEvaluation() {
        return new MemoryEstimate(process, weights, gradients, early, state, activations, block, scores, 0);
    }
}
