package io.trainer4j.train;

/** How the learning rate changes over a run; the names follow {@code SchedulerType} of transformers/trainer_utils.py. */
public enum SchedulerType {
    /** Warmup, then a straight line to 0. */
    LINEAR,
    /** Warmup, then a cosine wave, by default half of one, to 0; {@code num_cycles}. */
    COSINE,
    /** Warmup, then {@code num_cycles} half waves from the peak to 0. */
    COSINE_WITH_RESTARTS,
    /** Warmup, then a power of the remaining share of steps; {@code power}, {@code lr_end}. */
    POLYNOMIAL,
    /** The peak all along; warmup steps are not used. */
    CONSTANT,
    /** Warmup, then the peak. */
    CONSTANT_WITH_WARMUP,
    /** Warmup, then the inverse square root of the step; {@code timescale}. */
    INVERSE_SQRT,
    /** Lowered when the evaluation metric no longer improves, as torch's {@code ReduceLROnPlateau}. */
    REDUCE_LR_ON_PLATEAU,
    /** As cosine, but to {@code min_lr} or {@code min_lr_rate}. */
    COSINE_WITH_MIN_LR,
    /** As cosine with a minimum, where warmup begins above 0; {@code warmup_lr_rate}. */
    COSINE_WARMUP_WITH_MIN_LR,
    /** Warmup, the peak, then a decay over the last {@code num_decay_steps}. */
    WARMUP_STABLE_DECAY,
    /** Raised while the evaluation metric improves and lowered while it does not, as GreedyLR. */
    GREEDY;

    /** Whether evaluations, not steps, change the rate. */
    boolean followsMetric() {
        return this == REDUCE_LR_ON_PLATEAU || this == GREEDY;
    }
}
