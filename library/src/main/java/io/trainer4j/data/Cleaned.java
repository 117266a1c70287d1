package io.trainer4j.data;

/**
 * What {@link Cleaning} leaves, and what it took away.
 *
 * @param dataset the rows kept, in their order
 * @param report counts and examples of the rows removed
 */
public record Cleaned(Dataset dataset, CleaningReport report) {}
