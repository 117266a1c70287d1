package io.trainer4j.train;

/** The order of the training rows in an epoch; {@code train_sampling_strategy} of transformers/training_args.py. */
public enum SamplingStrategy {
    /** A new random order in each epoch. */
    RANDOM,
    /** The order of the data set. */
    SEQUENTIAL,
    /** Random, but rows of about the same length share a batch, so that there is little padding. */
    GROUP_BY_LENGTH,
    /**
     * Random, and the rows of a step are divided so that its accumulated batches cost about the same: long rows in small
     * batches, short ones in large.
     */
    BATCH_REBALANCE
}
