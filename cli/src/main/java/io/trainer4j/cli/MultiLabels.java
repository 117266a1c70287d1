package io.trainer4j.cli;

import io.trainer4j.UsageException;
import io.trainer4j.cli.TaskSetup.Purpose;
import io.trainer4j.data.Batch;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.model.ProblemType;
import io.trainer4j.train.RunPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Any number of labels per row: a column of 0 and 1 for each, or one column with lists. */
final class MultiLabels {
    private static final Pattern SEPARATOR = Pattern.compile("[,;|，；、]");

    private MultiLabels() {}

    /** Columns that are named as the labels and hold whether a row has them. */
    static RowLabels ofColumns(List<String> columns, ModelConfig config, Purpose purpose) {
        boolean sameNames =
                config.numLabels() == columns.size() && config.labels().containsAll(columns);
        boolean unnamed = config.labels().equals(numbered(columns.size()));
        if (purpose == Purpose.MEASURE && !sameNames && !unnamed) {
            throw RowLabels.otherLabels(config, String.join(", ", columns));
        }
        List<String> order = sameNames ? config.labels() : columns;
        return labels(
                order,
                String.join(", ", columns),
                sameNames || purpose == Purpose.MEASURE,
                "the columns that are named so",
                rows -> truths(rows, order));
    }

    private static List<float[]> truths(Batch rows, List<String> columns) {
        return IntStream.range(0, rows.size())
                .mapToObj(row -> {
                    float[] values = new float[columns.size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = truth(
                                columns.get(i), rows.column(columns.get(i)).get(row));
                    }
                    return values;
                })
                .toList();
    }

    private static float truth(String column, Object cell) {
        return switch (String.valueOf(cell).strip().toLowerCase(Locale.ROOT)) {
            case "1", "1.0", "true" -> 1;
            case "0", "0.0", "false" -> 0;
            default ->
                throw new UsageException("Column \"" + column + "\" holds \"" + cell
                        + "\" where 0 or 1 is needed, for whether a row has the label; correct the row, or name one"
                        + " column of lists.");
        };
    }

    /** Lists of names, or of a 0 or 1 for each label; a text is a list of names between commas or semicolons. */
    static RowLabels ofCells(String column, ModelConfig config, Purpose purpose, Dataset rows) {
        List<List<?>> cells = new ArrayList<>();
        for (Object cell : rows.column(column)) {
            if (cell == null) {
                throw new UsageException("Row " + (cells.size() + 1) + " has no labels in the column " + column
                        + "; fill the cell, with [] for none, or leave --no-clean off to remove such rows.");
            }
            cells.add(elements(cell));
        }
        int width = cells.isEmpty() ? 0 : cells.get(0).size();
        boolean flags = width > 1
                && cells.stream()
                        .allMatch(cell -> cell.size() == width && cell.stream().allMatch(MultiLabels::isFlag));
        if (flags) {
            boolean fits = config.numLabels() == width;
            if (purpose == Purpose.MEASURE && !fits) {
                throw RowLabels.otherLabels(config, width + " flags");
            }
            List<String> names = fits ? config.labels() : numbered(width);
            return labels(names, column, fits, "a 0 or 1 for each", batch -> flags(batch, column, width));
        }
        List<?> all = cells.stream().flatMap(List::stream).toList();
        ClassLabels classes = purpose == Purpose.TRAIN
                ? ClassLabels.toTrain(config.labels(), column, all)
                : ClassLabels.toMeasure(config.labels(), column, all);
        return new RowLabels(
                ProblemType.MULTI_LABEL_CLASSIFICATION,
                classes.names(),
                column,
                classes.ofModel(),
                classes.decision(),
                batch -> named(batch, classes));
    }

    private static List<?> elements(Object cell) {
        if (cell instanceof int[] ids) {
            return Arrays.stream(ids).boxed().toList();
        }
        if (cell instanceof String text) {
            return SEPARATOR
                    .splitAsStream(text)
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
        }
        return cell instanceof List<?> list ? list : List.of(cell);
    }

    private static boolean isFlag(Object element) {
        return element instanceof Boolean
                || (element instanceof Number number && (number.doubleValue() == 0 || number.doubleValue() == 1));
    }

    private static List<float[]> flags(Batch rows, String column, int width) {
        return rows.column(column).stream()
                .map(cell -> {
                    List<?> elements = elements(cell);
                    if (elements.size() != width) {
                        throw new UsageException("Column \"" + column + "\" holds " + elements + " where " + width
                                + " flags are needed; give one for each label.");
                    }
                    float[] values = new float[width];
                    for (int i = 0; i < width; i++) {
                        values[i] = truth(column, elements.get(i));
                    }
                    return values;
                })
                .toList();
    }

    private static List<float[]> named(Batch rows, ClassLabels classes) {
        return rows.column(classes.column()).stream()
                .map(cell -> {
                    float[] values = new float[classes.names().size()];
                    elements(cell).forEach(name -> values[classes.id(name)] = 1);
                    return values;
                })
                .toList();
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
    }

    private static RowLabels labels(
            List<String> names, String columns, boolean ofModel, String reason, Function<Batch, List<?>> values) {
        RunPlan.Item decision = new RunPlan.Item("labels", String.join(", ", names), reason);
        return new RowLabels(ProblemType.MULTI_LABEL_CLASSIFICATION, names, columns, ofModel, decision, values);
    }
}
