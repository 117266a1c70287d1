package io.trainer4j.train;

/** When to save a checkpoint; follows {@code SaveStrategy} of transformers/trainer_utils.py. */
public enum SaveStrategy {
    NO,
    /** Every so many optimizer steps. */
    STEPS,
    /** At the end of each epoch. */
    EPOCH,
    /** After each evaluation in which {@code metric_for_best_model} is better than ever. */
    BEST
}
