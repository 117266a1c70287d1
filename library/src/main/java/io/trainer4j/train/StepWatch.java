package io.trainer4j.train;

import java.util.List;

/** Hears what each step of a run took. */
interface StepWatch {
    /** Does not care. */
    StepWatch NONE = (batches, computing, updating) -> {};

    /**
     * A step is done.
     *
     * @param batches row numbers of each of its batches
     * @param computing seconds of forward and backward passes
     * @param updating seconds of clipping and optimizer
     */
    void took(List<int[]> batches, double computing, double updating);
}
