package io.trainer4j.cli;

import io.trainer4j.UsageException;
import io.trainer4j.cli.TaskSetup.Purpose;
import io.trainer4j.data.Batch;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.model.ProblemType;
import io.trainer4j.train.RunPlan;
import java.util.List;
import java.util.function.Function;

/**
 * What rows have as labels, and how they are read.
 *
 * @param names of the classes or numbers, in the order of the model's scores
 * @param columns they stand in, for the plan
 * @param ofModel whether they are those the model has, so that its head stays as it is
 * @param values the labels of rows as the model's collator takes them
 */
record RowLabels(
        ProblemType problemType,
        List<String> names,
        String columns,
        boolean ofModel,
        RunPlan.Item decision,
        Function<Batch, List<?>> values) {

    /**
     * Decides from the options, the first row and the model.
     *
     * @throws UsageException where these contradict each other
     */
    static RowLabels of(DataOptions options, ModelConfig config, Purpose purpose, Dataset rows) {
        List<String> columns = options.labelColumn();
        return switch (problemType(options, config, purpose, rows)) {
            case SINGLE_LABEL_CLASSIFICATION -> single(columns, config, purpose, rows);
            case MULTI_LABEL_CLASSIFICATION ->
                columns.size() > 1
                        ? MultiLabels.ofColumns(columns, config, purpose)
                        : MultiLabels.ofCells(columns.get(0), config, purpose, rows);
            case REGRESSION -> NumberLabels.of(columns, config, purpose, rows);
        };
    }

    private static ProblemType problemType(DataOptions options, ModelConfig config, Purpose purpose, Dataset rows) {
        if (options.problemType() != null) {
            return options.problemType();
        }
        Object first =
                rows.size() == 0 ? null : rows.row(0).get(options.labelColumn().get(0));
        if (options.labelColumn().size() > 1 || first instanceof List || first instanceof int[]) {
            return config.problemType() == ProblemType.REGRESSION && purpose == Purpose.MEASURE
                    ? ProblemType.REGRESSION
                    : ProblemType.MULTI_LABEL_CLASSIFICATION;
        }
        boolean classesForANumber = config.problemType() == ProblemType.REGRESSION
                && purpose == Purpose.TRAIN
                && !NumberLabels.isNumber(first);
        return classesForANumber ? ProblemType.SINGLE_LABEL_CLASSIFICATION : config.problemType();
    }

    private static RowLabels single(List<String> columns, ModelConfig config, Purpose purpose, Dataset rows) {
        if (columns.size() > 1) {
            throw new UsageException("One label per row stands in one column, not in " + String.join(", ", columns)
                    + "; give one --label-column, or --problem-type multi-label-classification.");
        }
        String column = columns.get(0);
        ClassLabels labels = purpose == Purpose.TRAIN
                ? ClassLabels.toTrain(config.labels(), column, rows.column(column))
                : ClassLabels.toMeasure(config.labels(), column, rows.column(column));
        return new RowLabels(
                ProblemType.SINGLE_LABEL_CLASSIFICATION,
                labels.names(),
                column,
                labels.ofModel(),
                labels.decision(),
                batch -> batch.column(column).stream().map(labels::id).toList());
    }

    /** Refuses to measure a model by labels it does not have. */
    static UsageException otherLabels(ModelConfig config, String found) {
        return new UsageException("The model gives " + config.labels() + " but the rows have " + found
                + "; name the columns of the model's labels with --label-column.");
    }
}
