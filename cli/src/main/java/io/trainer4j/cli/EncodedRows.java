package io.trainer4j.cli;

import io.trainer4j.TrainerException;
import io.trainer4j.data.Dataset;
import io.trainer4j.data.Row;
import io.trainer4j.train.MiniBatch;
import io.trainer4j.train.RunPlan;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a look at every row shows before training begins.
 *
 * @param kept the rows that stay, encoded for good
 * @param tokens tokens of these rows after cutting
 * @param longest tokens of the longest row
 * @param cutRows rows that were cut to the maximum length
 * @param cutTokens tokens that were lost by it
 * @param leftOut how many rows were left out because nothing of them can be trained
 * @param firstLeftOut what the first of them is, for messages
 */
record EncodedRows(
        Dataset kept, long tokens, int longest, int cutRows, long cutTokens, int leftOut, String firstLeftOut) {
    /** Column that holds how many tokens of a row were cut off. */
    static final String CUT = "cut_tokens";

    /**
     * Encodes every row, once.
     *
     * @param key column that names a row to the user
     * @param maxLength the limit rows were cut to
     * @param keepsAll whether rows stay of which nothing can be trained
     * @throws TrainerException naming the first row in which nothing is left to train on, where there is no other row
     */
    static EncodedRows of(Dataset dataset, String key, MaxLength maxLength, boolean keepsAll) {
        Count count = new Count(key, keepsAll);
        Dataset kept = dataset.materialize(count::keeps);
        if (count.leftOut > 0 && kept.size() == 0) {
            throw nothingLeft(count.firstLeftOut, maxLength, count.needed);
        }
        return new EncodedRows(
                kept, count.tokens, count.longest, count.cutRows, count.cutTokens, count.leftOut, count.firstLeftOut);
    }

    /** Adds up rows as they come. */
    private static final class Count {
        private final String key;
        private final boolean keepsAll;
        private long tokens;
        private int longest;
        private int cutRows;
        private long cutTokens;
        private int leftOut;
        private String firstLeftOut = "";
        private long needed;

        Count(String key, boolean keepsAll) {
            this.key = key;
            this.keepsAll = keepsAll;
        }

        /** Whether the row stays. */
        boolean keeps(Row row) {
            int length = row.getInts("input_ids").length;
            long cut = row.columnNames().contains(CUT) ? row.getLong(CUT) : 0;
            if (!keepsAll && row.columnNames().contains("labels") && nothingToTrain(row.getInts("labels"))) {
                if (leftOut++ == 0) {
                    firstLeftOut = "\"" + shortened(row.isNull(key) ? "" : String.valueOf(row.get(key))) + "\"";
                    needed = length + cut;
                }
                return false;
            }
            tokens += length;
            longest = Math.max(longest, length);
            cutRows += cut > 0 ? 1 : 0;
            cutTokens += cut;
            return true;
        }
    }

    /** The first token is never predicted, so its label does not count. */
    private static boolean nothingToTrain(int[] labels) {
        return Arrays.stream(labels).skip(1).allMatch(label -> label == MiniBatch.IGNORED);
    }

    private static TrainerException nothingLeft(String first, MaxLength maxLength, long whole) {
        String rows = "In every row nothing is left to train on, beginning with " + first + ": ";
        if (whole <= maxLength.tokens()) {
            return new TrainerException(rows + "its completion is empty; fill the cells.");
        }
        return new TrainerException(rows
                + "its prompt alone fills the %d tokens of --max-length; ".formatted(maxLength.tokens())
                + (whole <= maxLength.positions() ? "set --max-length %d.".formatted(whole) : "shorten the prompts."));
    }

    /**
     * The rows that were left out, if there are any.
     *
     * @param rows what they are among, such as {@code training rows}
     */
    Optional<RunPlan.Item> leftOut(String rows) {
        return leftOut == 0
                ? Optional.empty()
                : Optional.of(
                        new RunPlan.Item(
                                "left out",
                                "%,d of the %s, the first: %s".formatted(leftOut, rows, firstLeftOut),
                                "their prompt fills --max-length or their completion is empty, so nothing of them can be trained"));
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
                        kept.size(),
                        tokens,
                        longest,
                        cutRows == 0 ? "none cut" : "%,d rows cut by %,d tokens".formatted(cutRows, cutTokens));
    }
}
