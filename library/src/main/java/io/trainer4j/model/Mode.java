package io.trainer4j.model;

/** What a forward pass is for; the Python equivalents are {@code model.train()} and {@code model.eval()}. */
public enum Mode {
    /** Dropout is active. */
    TRAIN,
    /** Dropout is off: equal inputs give equal outputs. */
    EVAL
}
