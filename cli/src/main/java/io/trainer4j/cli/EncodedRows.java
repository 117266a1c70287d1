package io.trainer4j.cli;

import io.trainer4j.TrainerException;
import io.trainer4j.data.Dataset;
import io.trainer4j.data.Row;
import io.trainer4j.train.MiniBatch;
import java.util.Arrays;

/**
 * What a look at every row shows before training begins.
 *
 * @param rows number of rows
 * @param tokens tokens of all rows after cutting
 * @param longest tokens of the longest row
 * @param cutRows rows that were cut to the maximum length
 * @param cutTokens tokens that were lost by it
 */
record EncodedRows(int rows, long tokens, int longest, int cutRows, long cutTokens) {
    /** Column that holds how many tokens of a row were cut off. */
    static final String CUT = "cut_tokens";

    /**
     * Encodes every row once.
     *
     * @param key column that names a row to the user
     * @param maxLength the limit rows were cut to
     * @throws TrainerException naming the first row in which nothing is left to train on
     */
    static EncodedRows check(Dataset dataset, String key, MaxLength maxLength) {
        int rows = 0;
        long tokens = 0;
        int longest = 0;
        int cutRows = 0;
        long cutTokens = 0;
        for (Row row : dataset) {
            int length = row.getInts("input_ids").length;
            long cut = row.getLong(CUT);
            if (row.columnNames().contains("labels") && nothingToTrain(row.getInts("labels"))) {
                throw nothingLeft(row.get(key), maxLength, length + cut);
            }
            rows++;
            tokens += length;
            longest = Math.max(longest, length);
            cutRows += cut > 0 ? 1 : 0;
            cutTokens += cut;
        }
        return new EncodedRows(rows, tokens, longest, cutRows, cutTokens);
    }

    /** The first token is never predicted, so its label does not count. */
    private static boolean nothingToTrain(int[] labels) {
        return Arrays.stream(labels).skip(1).allMatch(label -> label == MiniBatch.IGNORED);
    }

    private static TrainerException nothingLeft(Object key, MaxLength maxLength, long whole) {
        String row =
                "In the row \"" + shortened(key == null ? "" : key.toString()) + "\" nothing is left to train on: ";
        if (whole <= maxLength.tokens()) {
            return new TrainerException(row + "its completion is empty; fill the cell or remove the row.");
        }
        return new TrainerException(row
                + "its prompt alone fills the %d tokens of --max-length; ".formatted(maxLength.tokens())
                + (whole <= maxLength.positions() ? "set --max-length %d".formatted(whole) : "shorten the prompt")
                + " or remove the row.");
    }

    /** The beginning of a cell, for messages. */
    static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= 20
                ? text
                : text.substring(0, text.offsetByCodePoints(0, 20)) + "…";
    }

    @Override
    public String toString() {
        return "%,d rows, %,d tokens, longest %,d, %s"
                .formatted(
                        rows,
                        tokens,
                        longest,
                        cutRows == 0 ? "none cut" : "%,d rows cut by %,d tokens".formatted(cutRows, cutTokens));
    }
}
