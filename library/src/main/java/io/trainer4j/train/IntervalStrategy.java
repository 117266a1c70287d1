package io.trainer4j.train;

/** When to log, evaluate or save; follows {@code IntervalStrategy} of transformers/trainer_utils.py. */
public enum IntervalStrategy {
    NO,
    /** Every so many optimizer steps. */
    STEPS,
    /** At the end of each epoch. */
    EPOCH
}
