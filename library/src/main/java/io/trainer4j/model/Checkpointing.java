package io.trainer4j.model;

/**
 * Which blocks of a network keep only their input and are computed again in the backward pass, as {@code
 * gradient_checkpointing} with {@code every_n_layers}: less memory for up to a third more work, and the same numbers.
 *
 * @param everyLayers every how many blocks one is recomputed; 0 for none
 * @see <a href="https://arxiv.org/abs/1604.06174">Training Deep Nets with Sublinear Memory Cost</a>
 */
public record Checkpointing(int everyLayers) {
    /** All activations are kept. */
    public static final Checkpointing NONE = new Checkpointing(0);

    /** Every block is recomputed. */
    public static final Checkpointing ALL = new Checkpointing(1);

    boolean covers(int block) {
        return everyLayers > 0 && block % everyLayers == 0;
    }
}
