package io.trainer4j.data;

/**
 * The two sides of a split; together they hold every row once.
 *
 * @param train the rows to learn from
 * @param test the rows held back
 */
public record DatasetSplit(Dataset train, Dataset test) {}
