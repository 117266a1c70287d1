package io.trainer4j.cli;

import io.trainer4j.UsageException;
import io.trainer4j.cli.TaskSetup.Purpose;
import io.trainer4j.data.Batch;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.model.ProblemType;
import io.trainer4j.train.RunPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Numbers as labels: a column for each, or one column with numbers or lists of them. */
final class NumberLabels {
    private NumberLabels() {}

    static RowLabels of(List<String> columns, ModelConfig config, Purpose purpose, Dataset rows) {
        int width = rows.size() == 0 ? 1 : row(columns, rows.rows(0), 0).length;
        boolean fits = config.numLabels() == width
                && (purpose == Purpose.MEASURE || config.problemType() == ProblemType.REGRESSION);
        if (purpose == Purpose.MEASURE && !fits) {
            throw RowLabels.otherLabels(config, width + (width == 1 ? " number" : " numbers") + " each");
        }
        List<String> own = columns.size() > 1
                ? columns
                : IntStream.range(0, width).mapToObj(i -> "LABEL_" + i).toList();
        List<String> names = fits ? config.labels() : own;
        return new RowLabels(
                ProblemType.REGRESSION,
                names,
                String.join(", ", columns),
                fits,
                new RunPlan.Item("labels", String.join(", ", names), width == 1 ? "a number" : "a number for each"),
                batch -> IntStream.range(0, batch.size())
                        .mapToObj(row -> row(columns, batch, row, width))
                        .toList());
    }

    private static float[] row(List<String> columns, Batch rows, int row, int width) {
        float[] values = row(columns, rows, row);
        if (values.length != width) {
            throw new UsageException("A row has " + values.length + " numbers in " + String.join(", ", columns)
                    + " where the first has " + width + "; give as many in every row.");
        }
        return values;
    }

    private static float[] row(List<String> columns, Batch rows, int row) {
        List<Float> values = new ArrayList<>();
        for (String column : columns) {
            Object cell = rows.column(column).get(row);
            List<?> elements = cell instanceof List<?> list ? list : Collections.singletonList(cell);
            elements.forEach(element -> values.add(number(column, element)));
        }
        float[] numbers = new float[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = values.get(i);
        }
        return numbers;
    }

    static boolean isNumber(Object cell) {
        try {
            return Float.isFinite(Float.parseFloat(String.valueOf(cell)));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static float number(String column, Object cell) {
        if (!isNumber(cell)) {
            throw new UsageException("Column \"" + column + "\" holds \"" + cell
                    + "\" where a number is needed; correct the row, or give another --problem-type.");
        }
        return Float.parseFloat(String.valueOf(cell));
    }
}
