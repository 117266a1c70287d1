package io.trainer4j.train;

import io.trainer4j.option.AlsoCalled;

/** Which tokens {@code num_input_tokens_seen} counts. */
public enum TokenCount {
    /** None: the number is not logged. */
    @AlsoCalled("false")
    NO,
    /** Those of the padded batch. */
    @AlsoCalled("true")
    ALL,
    /** Those that are not padding. */
    NON_PADDING
}
