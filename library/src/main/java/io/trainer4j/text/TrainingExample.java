package io.trainer4j.text;

import java.util.Arrays;

/** One row to train on: tokens, labels, and how much was cut off. */
public final class TrainingExample {
    /** The label of a token that is not trained on. */
    public static final int IGNORED = -100;

    private final int[] inputIds;
    private final int[] labels;
    private final int truncatedTokens;

    TrainingExample(int[] inputIds, int[] labels, int truncatedTokens) {
        this.inputIds = inputIds;
        this.labels = labels;
        this.truncatedTokens = truncatedTokens;
    }

    /** Tokens of prompt and completion; the row's own array, not a copy. */
    public int[] inputIds() {
        return inputIds;
    }

    /** The same tokens, with {@link #IGNORED} for those of the prompt; the row's own array, not a copy. */
    public int[] labels() {
        return labels;
    }

    /** Tokens cut off at the end to fit the maximum length. */
    public int truncatedTokens() {
        return truncatedTokens;
    }

    /** Whether any token is left to train on. A row without one is useless; TRL drops it. */
    public boolean hasTarget() {
        return Arrays.stream(labels).anyMatch(label -> label != IGNORED);
    }
}
