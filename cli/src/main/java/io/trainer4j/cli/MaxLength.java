package io.trainer4j.cli;

import io.trainer4j.UsageException;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.train.RunPlan;

/**
 * How many tokens of a row are kept.
 *
 * @param tokens the limit
 * @param positions what the model could take
 * @param decision the limit with its reason
 */
record MaxLength(int tokens, int positions, RunPlan.Item decision) {
    /** Also that of SFTConfig, which Python writes into files whether or not anybody asked. */
    private static final int DEFAULT = 1024;

    /**
     * Decides.
     *
     * @param given what is asked for, or null
     * @param fromFile whether a file asks, in which the default asks for nothing
     * @throws UsageException if the model has no positions for it
     */
    static MaxLength of(Integer given, boolean fromFile, ModelConfig config) {
        int positions = config.maxPositions();
        if (given == null || (fromFile && given == DEFAULT && given > positions)) {
            String which = given == null ? "default" : "the file has the default, " + DEFAULT;
            return new MaxLength(
                    Math.min(DEFAULT, positions), positions, which + "; the model has positions for " + positions);
        }
        if (given > positions) {
            throw new UsageException("--max-length %d is more than the %d positions the model has; lower it."
                    .formatted(given, positions));
        }
        return new MaxLength(given, positions, "--max-length");
    }

    private MaxLength(int tokens, int positions, String reason) {
        this(tokens, positions, new RunPlan.Item("max length", tokens + " tokens", reason));
    }
}
