package io.trainer4j.text;

/** The end of a row at which padding is added or tokens are cut off. */
public enum Side {
    /** Before the first token: padding for generation, so that the prompt ends where generation starts. */
    LEFT,
    /** After the last token: the usual side for training. */
    RIGHT
}
