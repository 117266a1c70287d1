package io.trainer4j.train;

/** How the learning rate changes over a run; the names follow {@code SchedulerType} of transformers/trainer_utils.py. */
public enum SchedulerType {
    /** Warmup, then a straight line to 0. */
    LINEAR,
    /** Warmup, then half a cosine wave to 0. */
    COSINE,
    /** The peak all along; warmup steps are not used. */
    CONSTANT,
    /** Warmup, then the peak. */
    CONSTANT_WITH_WARMUP
}
