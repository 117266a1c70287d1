package io.trainer4j.train;

/** How much the command line tells of a run; the levels of {@code log_level} in transformers/training_args.py. */
public enum LogLevel {
    DETAIL,
    DEBUG,
    INFO,
    /** Warnings, but neither the plan nor the progress. */
    WARNING,
    /** Nothing but the failure that ends the run. */
    ERROR,
    CRITICAL,
    /** As the program is by itself: plan, progress and warnings. */
    PASSIVE;

    /** Whether plan and progress are told. */
    public boolean informs() {
        return this == PASSIVE || compareTo(INFO) <= 0;
    }

    /** Whether warnings are told. */
    public boolean warns() {
        return informs() || this == WARNING;
    }
}
