package io.trainer4j.text;

/** What decoding does with special tokens such as {@code <|im_end|>} or {@code [SEP]}. */
public enum SpecialTokens {
    /** Leave them out of the text. */
    SKIP,
    /** Write them as they are spelled. */
    KEEP
}
