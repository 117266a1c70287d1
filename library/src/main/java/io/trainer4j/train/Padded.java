package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.data.Batch;
import io.trainer4j.data.Row;
import io.trainer4j.model.ModelInput;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Token columns of a batch, padded on the right to the longest row. */
record Padded(int[][] inputIds, int[][] attentionMask, int length) {

    static Padded of(Batch rows, int padTokenId) {
        List<int[]> ids = tokens(rows, "input_ids");
        int length = ids.stream().mapToInt(row -> row.length).max().orElse(0);
        int[][] mask = new int[ids.size()][];
        boolean hasMask = rows.columnNames().contains("attention_mask");
        List<int[]> given = hasMask ? tokens(rows, "attention_mask") : List.of();
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

    /** A column with one value per token of {@code input_ids}. */
    static List<int[]> tokens(Batch rows, String column) {
        List<int[]> values = rows.column(column, int[].class);
        List<int[]> ids = rows.column("input_ids", int[].class);
        for (int r = 0; r < values.size(); r++) {
            if (values.get(r) == null || ids.get(r) == null) {
                throw new TrainerException("A row has no " + column + " at all; remove it or fill the column.");
            }
            if (values.get(r).length != ids.get(r).length) {
                throw new TrainerException("A row has " + values.get(r).length + " " + column + " for "
                        + ids.get(r).length + " input_ids; give one per token.");
            }
        }
        return values;
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

    /** The column with a language model's labels: every token is one where there is no such column. */
    static String labelsOfTokens(Batch rows) {
        return rows.columnNames().contains("labels") ? "labels" : "input_ids";
    }

    MiniBatch causal(Batch rows) {
        List<int[]> labels = tokens(rows, labelsOfTokens(rows));
        for (int r = 0; r < labels.size(); r++) {
            if (Arrays.stream(labels.get(r)).skip(1).noneMatch(label -> label != MiniBatch.IGNORED)) {
                throw new TrainerException("Nothing is left to train on in the row " + shown(rows.row(r))
                        + ": its answer lies behind the cut; raise --max-length or remove the row.");
            }
        }
        return new MiniBatch(new ModelInput(inputIds, attentionMask, null), pad(labels, length, MiniBatch.IGNORED));
    }

    /** The cells a person can read. */
    private static Map<String, Object> shown(Row row) {
        Map<String, Object> cells = new LinkedHashMap<>(row.toMap());
        cells.values().removeIf(int[].class::isInstance);
        return cells;
    }

    /** The padded tokens with their segments, where the rows have any. */
    ModelInput input(Batch rows) {
        int[][] types =
                rows.columnNames().contains("token_type_ids") ? pad(tokens(rows, "token_type_ids"), length, 0) : null;
        return new ModelInput(inputIds, attentionMask, types);
    }

    private static String labelColumn(Batch rows) {
        return rows.columnNames().contains("labels") ? "labels" : "label";
    }

    MiniBatch values(Batch rows) {
        String column = labelColumn(rows);
        float[][] values = rows.column(column).stream()
                .map(value -> LabelValues.of(column, value))
                .toArray(float[][]::new);
        return new MiniBatch(input(rows), new int[values.length][0], values);
    }

    MiniBatch classification(Batch rows) {
        String column = labelColumn(rows);
        int[][] labels = rows.column(column).stream()
                .map(value -> new int[] {classId(column, value)})
                .toArray(int[][]::new);
        return new MiniBatch(input(rows), labels);
    }

    private static int classId(String column, Object value) {
        try {
            return Integer.parseInt(String.valueOf(value));
        } catch (NumberFormatException e) {
            throw new UsageException("Column \"" + column + "\" holds \"" + value
                    + "\" where a class id is needed; map the class names to 0, 1, 2, ... first.");
        }
    }
}
