package io.trainer4j.text;

import io.trainer4j.UsageException;
import java.util.OptionalInt;

/**
 * Upper limit for the length of a row, in tokens including special tokens.
 *
 * @param maxLength the limit, at least 1; empty for no limit
 */
public record Truncation(OptionalInt maxLength) {
    /** Checks the limit. */
    public Truncation {
        if (maxLength.isPresent() && maxLength.getAsInt() < 1) {
            throw new UsageException(
                    "A maximum length of " + maxLength.getAsInt() + " tokens is not possible; give at least 1.");
        }
    }

    /** Rows keep all their tokens. */
    public static Truncation none() {
        return new Truncation(OptionalInt.empty());
    }

    /**
     * Cuts rows that are longer, as transformers does with {@code truncation=True, max_length=n}.
     *
     * @param maxLength tokens kept at most, special tokens included
     */
    public static Truncation to(int maxLength) {
        return new Truncation(OptionalInt.of(maxLength));
    }
}
