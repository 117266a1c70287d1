package io.trainer4j.cli;

import io.trainer4j.TrainerException;
import io.trainer4j.data.Dataset;
import io.trainer4j.data.Row;
import io.trainer4j.train.MiniBatch;
import io.trainer4j.train.RunPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a look at every row shows before training begins.
 *
 * @param kept the rows that stay, encoded for good where all their cells take {@value #MOST_KEPT_BYTES} bytes at most, else
 *     once more each time they are read
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

    /** 64 MiB: some millions of tokens with their texts, and a small part of what training takes. */
    static final long MOST_KEPT_BYTES = 1 << 26;

    /**
     * Encodes every row once.
     *
     * @param key column that names a row to the user
     * @param maxLength the limit rows were cut to
     * @param keepsAll whether rows stay of which nothing can be trained
     * @throws TrainerException naming the first row in which nothing is left to train on, where there is no other row
     */
    static EncodedRows of(Dataset dataset, String key, MaxLength maxLength, boolean keepsAll) {
        IntStream.Builder kept = IntStream.builder();
        Map<String, List<Object>> encoded = new LinkedHashMap<>();
        long keptBytes = 0;
        int index = 0;
        long tokens = 0;
        int longest = 0;
        int cutRows = 0;
        long cutTokens = 0;
        int leftOut = 0;
        String firstLeftOut = "";
        long needed = 0;
        for (Row row : dataset) {
            int length = row.getInts("input_ids").length;
            long cut = row.columnNames().contains(CUT) ? row.getLong(CUT) : 0;
            if (!keepsAll && row.columnNames().contains("labels") && nothingToTrain(row.getInts("labels"))) {
                if (leftOut++ == 0) {
                    firstLeftOut = "\"" + shortened(row.isNull(key) ? "" : String.valueOf(row.get(key))) + "\"";
                    needed = length + cut;
                }
            } else {
                kept.add(index);
                tokens += length;
                if (keptBytes <= MOST_KEPT_BYTES) {
                    for (String name : row.columnNames()) {
                        Object cell = row.get(name);
                        keptBytes += bytes(cell);
                        encoded.computeIfAbsent(name, n -> new ArrayList<>()).add(cell);
                    }
                } else {
                    encoded.clear();
                }
                longest = Math.max(longest, length);
                cutRows += cut > 0 ? 1 : 0;
                cutTokens += cut;
            }
            index++;
        }
        if (leftOut > 0 && leftOut == index) {
            throw nothingLeft(firstLeftOut, maxLength, needed);
        }
        boolean isSmall = tokens > 0 && keptBytes <= MOST_KEPT_BYTES;
        Dataset rows = isSmall ? Dataset.of(encoded) : leftOut == 0 ? dataset : dataset.select(kept.build());
        return new EncodedRows(rows, tokens, longest, cutRows, cutTokens, leftOut, firstLeftOut);
    }

    /** About what a cell takes: numbers of tokens, or text, that of turns included. */
    private static long bytes(Object cell) {
        return cell instanceof int[] ids
                ? (long) ids.length * Integer.BYTES
                : (long) String.valueOf(cell).length() * Character.BYTES;
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
