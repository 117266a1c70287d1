package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.data.Batch;
import io.trainer4j.model.ModelInput;
import java.util.Arrays;
import java.util.List;

/** Token columns of a batch, padded on the right to the longest row. */
record Padded(int[][] inputIds, int[][] attentionMask, int length) {

    static Padded of(Batch rows, int padTokenId) {
        List<int[]> ids = rows.column("input_ids", int[].class);
        int length = ids.stream().mapToInt(row -> row.length).max().orElse(0);
        int[][] mask = new int[ids.size()][];
        boolean hasMask = rows.columnNames().contains("attention_mask");
        List<int[]> given = hasMask ? rows.column("attention_mask", int[].class) : List.of();
        for (int r = 0; r < mask.length; r++) {
            if (ids.get(r).length == 0) {
                throw new TrainerException("A row has no tokens at all; clean the data or choose a non-empty column.");
            }
            int[] ones = new int[ids.get(r).length];
            Arrays.fill(ones, 1);
            mask[r] = Arrays.copyOf(hasMask ? given.get(r) : ones, length);
        }
        return new Padded(pad(ids, length, padTokenId), mask, length);
    }

    private static int[][] pad(List<int[]> rows, int length, int filler) {
        int[][] padded = new int[rows.size()][];
        for (int r = 0; r < padded.length; r++) {
            int[] row = rows.get(r);
            padded[r] = Arrays.copyOf(row, length);
            Arrays.fill(padded[r], row.length, length, filler);
        }
        return padded;
    }

    MiniBatch causal(Batch rows) {
        String column = rows.columnNames().contains("labels") ? "labels" : "input_ids";
        List<int[]> labels = rows.column(column, int[].class);
        for (int r = 0; r < labels.size(); r++) {
            if (Arrays.stream(labels.get(r)).skip(1).noneMatch(label -> label != MiniBatch.IGNORED)) {
                throw new TrainerException(
                        "Nothing is left to train on in the row " + rows.row(r).toMap()
                                + ": its answer lies behind the cut; raise --max-length or remove the row.");
            }
        }
        return new MiniBatch(new ModelInput(inputIds, attentionMask, null), pad(labels, length, MiniBatch.IGNORED));
    }

    MiniBatch classification(Batch rows) {
        int[][] types = rows.columnNames().contains("token_type_ids")
                ? pad(rows.column("token_type_ids", int[].class), length, 0)
                : null;
        String column = rows.columnNames().contains("labels") ? "labels" : "label";
        int[][] labels = rows.column(column).stream()
                .map(value -> new int[] {classId(column, value)})
                .toArray(int[][]::new);
        return new MiniBatch(new ModelInput(inputIds, attentionMask, types), labels);
    }

    private static int classId(String column, Object value) {
        try {
            return value instanceof Number number ? number.intValue() : Integer.parseInt(String.valueOf(value));
        } catch (NumberFormatException e) {
            throw new UsageException("Column \"" + column + "\" holds \"" + value
                    + "\" where a class id is needed; map the class names to 0, 1, 2, ... first.");
        }
    }
}
