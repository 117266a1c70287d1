package io.trainer4j.metric;

/** How figures of several classes become one, as the {@code average} of scikit-learn's {@code f1_score}. */
public enum Average {
    /** Each class counts alike. */
    MACRO,
    /** Each row counts alike; with one class per row precision, recall and F1 all equal accuracy. */
    MICRO,
    /** Each class counts by its support. */
    WEIGHTED
}
