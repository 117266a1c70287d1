package io.trainer4j.text;

/** How rows of different lengths are made equal; names and meaning follow transformers' {@code PaddingStrategy}. */
public enum Padding {
    /** Rows keep their own lengths. */
    DO_NOT_PAD,
    /** Rows are padded to the longest row of the batch. */
    LONGEST,
    /** Rows are padded to the length given by {@link Truncation#to(int)}. */
    MAX_LENGTH
}
