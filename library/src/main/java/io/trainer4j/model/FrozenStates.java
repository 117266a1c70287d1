package io.trainer4j.model;

import org.bytedeco.pytorch.Tensor;

/** What enters the first trained block of a network in one pass, where it may be known from an earlier pass. */
public interface FrozenStates {
    /** Number of blocks below the first trained one. */
    int blocks();

    /** Whether the states are known, so that the blocks below need not run. */
    boolean areKnown();

    /**
     * Gives the known states, or takes note of those just computed.
     *
     * @param x what the blocks below gave; a tensor of that shape where they did not run
     * @return {@code x}'s shape, belonging to the innermost open scope
     */
    Tensor entering(Tensor x);
}
