package io.trainer4j.cli;

import io.trainer4j.data.Batch;
import io.trainer4j.data.Columns;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.model.ProblemType;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.train.ClassificationMetrics;
import io.trainer4j.train.ComputeMetrics;
import io.trainer4j.train.MultiLabelMetrics;
import io.trainer4j.train.RegressionMetrics;
import io.trainer4j.train.RunPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Giving each text one of several labels, any number of them, or numbers. */
record ClassificationTask(TextColumn text, RowLabels labels) {

    TaskSetup open(ModelSource source, LoadOptions load) {
        return new TaskSetup(
                source.complete(model(source, load)),
                rows -> rows.map(this::encode),
                text.name(),
                text.maxLength(),
                List.of(
                        new RunPlan.Item("columns", text.name() + " -> " + labels.columns(), meaning()),
                        labels.decision(),
                        text.maxLength().decision()),
                Optional.of(metrics(labels.problemType(), labels.names().size())),
                Optional.empty());
    }

    private String meaning() {
        return switch (labels.problemType()) {
            case SINGLE_LABEL_CLASSIFICATION -> "one label per row";
            case MULTI_LABEL_CLASSIFICATION -> "any number of labels per row";
            case REGRESSION -> "numbers to come close to";
        };
    }

    private SequenceClassifier model(ModelSource source, LoadOptions load) {
        Path folder = source.folder();
        ModelConfig config = source.config();
        if (source.adapter() != null
                || config.problemType() != labels.problemType()
                || labels.problemType() != ProblemType.SINGLE_LABEL_CLASSIFICATION) {
            List<String> names = labels.ofModel() ? config.labels() : labels.names();
            return AutoModelForSequenceClassification.fromPretrained(folder, names, labels.problemType(), load);
        }
        return labels.ofModel()
                ? AutoModelForSequenceClassification.fromPretrained(folder, load)
                : AutoModelForSequenceClassification.fromPretrained(folder, labels.names(), load);
    }

    private static ComputeMetrics metrics(ProblemType type, int labels) {
        return ComputeMetrics.streaming(() -> switch (type) {
            case SINGLE_LABEL_CLASSIFICATION -> new ClassificationMetrics(labels);
            case MULTI_LABEL_CLASSIFICATION -> new MultiLabelMetrics(labels);
            case REGRESSION -> new RegressionMetrics(labels);
        });
    }

    private Columns encode(Batch rows) {
        return text.encode(rows).and("label", labels.values().apply(rows));
    }
}
