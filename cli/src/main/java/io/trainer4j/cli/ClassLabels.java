package io.trainer4j.cli;

import io.trainer4j.UsageException;
import io.trainer4j.train.RunPlan;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The names of the classes, by id.
 *
 * @param column the column they stand in
 * @param ofModel whether they are those the model has, so that its head stays as it is
 * @param decision where they come from
 */
record ClassLabels(List<String> names, String column, boolean ofModel, RunPlan.Item decision) {
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,9}");
    private static final int SHOWN = 10;

    /** Numbers by value, then names by alphabet. */
    private static final Comparator<String> ORDER = Comparator.comparing(
                    (String label) -> !NUMBER.matcher(label).matches())
            .thenComparing(label -> NUMBER.matcher(label).matches() ? Integer.parseInt(label) : 0)
            .thenComparing(Comparator.naturalOrder());

    /**
     * The model's own labels where they name all that is found, else those found.
     *
     * @param model names in the model's {@code config.json}
     * @param values the cells of the label column
     * @throws UsageException if a cell is empty or all are the same
     */
    static ClassLabels toTrain(List<String> model, String column, List<?> values) {
        List<String> found = distinct(column, values);
        if (model.containsAll(found)) {
            return named(model, column);
        }
        if (found.size() == 1) {
            throw new UsageException("Every row has the label \"" + found.get(0) + "\" in the column " + column
                    + "; give rows of at least two labels, or name another column with --label-column.");
        }
        return new ClassLabels(found, column, false, decision(found, "those of the data, in order"));
    }

    /**
     * The model's own labels; numbers are class ids where the model has no names of its own for its classes.
     *
     * @throws UsageException if a row has a label the model does not know
     */
    static ClassLabels toMeasure(List<String> model, String column, List<?> values) {
        List<String> found = distinct(column, values);
        List<String> ids =
                IntStream.range(0, model.size()).mapToObj(Integer::toString).toList();
        boolean unnamed =
                ids.stream().allMatch(id -> model.get(Integer.parseInt(id)).equals("LABEL_" + id));
        if (unnamed && ids.containsAll(found)) {
            return new ClassLabels(ids, column, true, decision(ids, "class ids; the model's config.json has no names"));
        }
        ClassLabels labels = named(model, column);
        found.forEach(labels::id);
        return labels;
    }

    private static ClassLabels named(List<String> model, String column) {
        return new ClassLabels(model, column, true, decision(model, "named in the model's config.json"));
    }

    private static List<String> distinct(String column, List<?> values) {
        int row = 0;
        for (Object value : values) {
            row++;
            if (value == null) {
                throw new UsageException("Row " + row + " has no label in the column " + column
                        + "; fill the cell, or leave --no-clean off to remove such rows.");
            }
        }
        return values.stream().map(String::valueOf).distinct().sorted(ORDER).toList();
    }

    private static RunPlan.Item decision(List<String> names, String reason) {
        String more = names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "";
        return new RunPlan.Item(
                "labels", String.join(", ", names.subList(0, Math.min(SHOWN, names.size()))) + more, reason);
    }

    /**
     * The class a cell names.
     *
     * @throws UsageException for a name that is none of them
     */
    int id(Object cell) {
        int id = names.indexOf(String.valueOf(cell));
        if (id < 0) {
            throw new UsageException("A row has the label \"" + cell + "\" in the column " + column
                    + ", which is none of " + names + "; correct the row, or train with such rows first.");
        }
        return id;
    }
}
