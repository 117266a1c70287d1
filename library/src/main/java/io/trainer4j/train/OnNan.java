package io.trainer4j.train;

/** What happens to a step whose loss or gradient is NaN or infinite; the weights never see it. */
public enum OnNan {
    /** The run ends with the step, its rows and the likely cause. */
    STOP,
    /** The step is left out and counted; the schedule goes on. */
    SKIP
}
