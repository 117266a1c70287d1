package io.trainer4j.model;

import io.trainer4j.TrainerException;

/** Tokens for which a model with learned positions has no position. */
public final class ContextLengthException extends TrainerException {
    private static final long serialVersionUID = 1L;

    private final int tokens;
    private final int positions;

    ContextLengthException(int tokens, int positions) {
        super("A row has " + tokens + " tokens but the model has positions for " + positions + "; set --max-length "
                + positions + " or less.");
        this.tokens = tokens;
        this.positions = positions;
    }

    /** How many tokens there were. */
    public int tokens() {
        return tokens;
    }

    /** The most tokens the model reads. */
    public int positions() {
        return positions;
    }
}
