package io.trainer4j.data;

import java.util.function.Function;

/**
 * The two sides of a split; together they hold every row once.
 *
 * @param train the rows to learn from
 * @param test the rows held back
 */
public record DatasetSplit(Dataset train, Dataset test) {
    /** Both sides with the columns the function returns, as {@code DatasetDict.map}; see {@link Dataset#map}. */
    public DatasetSplit map(Function<Batch, ? extends Columns> function) {
        return new DatasetSplit(train.map(function), test.map(function));
    }
}
