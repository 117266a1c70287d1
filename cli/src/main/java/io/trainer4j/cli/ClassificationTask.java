package io.trainer4j.cli;

import io.trainer4j.data.Batch;
import io.trainer4j.data.Columns;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.text.BatchEncoding;
import io.trainer4j.text.Padding;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.text.Truncation;
import io.trainer4j.train.ClassificationMetrics;
import io.trainer4j.train.ComputeMetrics;
import io.trainer4j.train.RunPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Giving each text one of several labels. */
record ClassificationTask(Tokenizer tokenizer, ClassLabels labels, String text, String label, MaxLength maxLength) {

    TaskSetup open(Path folder, LoadOptions load) {
        return new TaskSetup(
                labels.ofModel()
                        ? AutoModelForSequenceClassification.fromPretrained(folder, load)
                        : AutoModelForSequenceClassification.fromPretrained(folder, labels.names(), load),
                this::encode,
                text,
                maxLength,
                List.of(
                        new RunPlan.Item("columns", text + " -> " + label, "one label per row"),
                        labels.decision(),
                        maxLength.decision()),
                Optional.of(ComputeMetrics.streaming(
                        () -> new ClassificationMetrics(labels.names().size()))));
    }

    private Columns encode(Batch rows) {
        List<String> texts = rows.strings(text).stream()
                .map(cell -> cell == null ? "" : cell)
                .toList();
        BatchEncoding encoding = tokenizer.encode(texts, Padding.DO_NOT_PAD, Truncation.to(maxLength.tokens()));
        Columns columns = Columns.of("input_ids", encoding.columns().get("input_ids"))
                .and("attention_mask", encoding.columns().get("attention_mask"))
                .and("label", rows.column(label).stream().map(labels::id).toList())
                .and(EncodedRows.CUT, cutTokens(texts, encoding));
        return encoding.columns().containsKey("token_type_ids")
                ? columns.and("token_type_ids", encoding.columns().get("token_type_ids"))
                : columns;
    }

    private List<Integer> cutTokens(List<String> texts, BatchEncoding encoding) {
        List<int[]> ids = encoding.columns().get("input_ids");
        return IntStream.range(0, texts.size())
                .mapToObj(i ->
                        encoding.truncatedTokens() == 0 ? 0 : tokenizer.encode(texts.get(i)).length - ids.get(i).length)
                .toList();
    }
}
