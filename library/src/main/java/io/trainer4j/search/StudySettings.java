package io.trainer4j.search;

/**
 * How a space is searched.
 *
 * @param trials how many runs there shall be, at least 1
 * @param seed of the draws
 * @param metric the figure that is looked at, such as {@code eval_loss}
 * @param greaterIsBetter whether large figures are good
 */
public record StudySettings(
        int trials, Sampler sampler, Pruner pruner, long seed, String metric, boolean greaterIsBetter) {}
