package io.trainer4j.cli;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.data.Batch;
import io.trainer4j.data.Columns;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.text.BatchEncoding;
import io.trainer4j.text.CompletionEncoder;
import io.trainer4j.text.Padding;
import io.trainer4j.text.PromptStyle;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.text.TrainingExample;
import io.trainer4j.text.TrainingExamples;
import io.trainer4j.text.Truncation;
import io.trainer4j.train.ComputeMetrics;
import io.trainer4j.train.EvalPrediction;
import io.trainer4j.train.RunPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Model and encoding for one of the two tasks; closing frees the model. */
final class TaskSetup implements AutoCloseable {
    private static final int DEFAULT_MAX_LENGTH = 1024;

    private final PretrainedModel model;
    private final Function<Batch, Columns> encoding;
    private final String key;
    private final int maxLength;
    private final List<RunPlan.Item> decisions;
    private final ComputeMetrics metrics;

    private TaskSetup(
            PretrainedModel model,
            Function<Batch, Columns> encoding,
            String key,
            int maxLength,
            List<RunPlan.Item> decisions,
            ComputeMetrics metrics) {
        this.model = model;
        this.encoding = encoding;
        this.key = key;
        this.maxLength = maxLength;
        this.decisions = decisions;
        this.metrics = metrics;
    }

    /** Loads the model and decides how rows are encoded for it. */
    static TaskSetup of(DataOptions options, Rows reader, Dataset rows, Path folder, Tokenizer tokenizer) {
        ModelConfig config = ModelConfig.read(folder);
        int positions = config.maxPositions();
        int maxLength = options.maxLength() != null ? options.maxLength() : Math.min(DEFAULT_MAX_LENGTH, positions);
        RunPlan.Item length = new RunPlan.Item(
                "max length",
                maxLength + " tokens",
                options.maxLength() != null
                        ? "--max-length"
                        : "default; the model has positions for " + positions + " tokens");
        if (maxLength > positions) {
            throw new UsageException("--max-length %d is more than the %d positions the model has; lower it."
                    .formatted(maxLength, positions));
        }
        String key = reader.keyColumn(rows);
        String other = reader.otherColumn(rows);
        TaskSetup setup = options.task() == DataOptions.Task.CAUSAL_LM
                ? causal(options, folder, tokenizer, key, other, maxLength, length)
                : classification(rows, folder, config, tokenizer, key, other, maxLength, length);
        setup.requireFitting(tokenizer, folder);
        return setup;
    }

    private static TaskSetup causal(
            DataOptions options,
            Path folder,
            Tokenizer tokenizer,
            String prompt,
            String completion,
            int maxLength,
            RunPlan.Item length) {
        CompletionEncoder encoder = CompletionEncoder.of(tokenizer, options.promptStyle(), maxLength);
        boolean chat = options.promptStyle() == PromptStyle.CHAT
                || (options.promptStyle() == PromptStyle.AUTO
                        && tokenizer.chatTemplate().isPresent());
        String reason = options.promptStyle() == PromptStyle.AUTO
                ? "the tokenizer has " + (chat ? "a" : "no") + " chat template"
                : "--prompt-style";
        return new TaskSetup(
                AutoModelForCausalLM.fromPretrained(folder),
                rows -> withCut(encoder.encode(rows.strings(prompt), rows.strings(completion))),
                prompt,
                maxLength,
                List.of(
                        new RunPlan.Item(
                                "columns", prompt + " -> " + completion, "the loss counts " + completion + " only"),
                        new RunPlan.Item("prompt style", chat ? "chat" : "text", reason),
                        length),
                null);
    }

    private static Columns withCut(TrainingExamples examples) {
        return Columns.of("input_ids", examples.columns().get("input_ids"))
                .and("labels", examples.columns().get("labels"))
                .and(
                        EncodedRows.CUT,
                        examples.rows().stream()
                                .map(TrainingExample::truncatedTokens)
                                .toList());
    }

    private static TaskSetup classification(
            Dataset rows,
            Path folder,
            ModelConfig config,
            Tokenizer tokenizer,
            String text,
            String label,
            int maxLength,
            RunPlan.Item length) {
        List<String> found = rows.column(label).stream()
                .map(String::valueOf)
                .distinct()
                .sorted(TaskSetup::numbersFirst)
                .toList();
        boolean known = config.labels().containsAll(found);
        List<String> labels = known ? config.labels() : found;
        return new TaskSetup(
                known
                        ? AutoModelForSequenceClassification.fromPretrained(folder)
                        : AutoModelForSequenceClassification.fromPretrained(folder, labels),
                batch -> labelled(batch, text, label, labels, tokenizer, maxLength),
                text,
                maxLength,
                List.of(
                        new RunPlan.Item("columns", text + " -> " + label, "one label per row"),
                        new RunPlan.Item(
                                "labels",
                                String.join(", ", labels),
                                known ? "named in the model's config.json" : "those of the data, in order"),
                        length),
                TaskSetup::accuracy);
    }

    private static int numbersFirst(String a, String b) {
        boolean numbers = a.matches("-?\\d{1,9}") && b.matches("-?\\d{1,9}");
        return numbers ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b)) : a.compareTo(b);
    }

    private static Columns labelled(
            Batch batch, String text, String label, List<String> labels, Tokenizer tokenizer, int maxLength) {
        List<String> texts = batch.strings(text);
        BatchEncoding encoding = tokenizer.encode(texts, Padding.DO_NOT_PAD, Truncation.to(maxLength));
        List<Integer> ids = batch.column(label).stream()
                .map(value -> classId(String.valueOf(value), labels))
                .toList();
        Columns columns = Columns.of("input_ids", encoding.columns().get("input_ids"))
                .and("attention_mask", encoding.columns().get("attention_mask"))
                .and("label", ids)
                .and(EncodedRows.CUT, cutTokens(texts, encoding, tokenizer));
        return encoding.columns().containsKey("token_type_ids")
                ? columns.and("token_type_ids", encoding.columns().get("token_type_ids"))
                : columns;
    }

    private static List<Integer> cutTokens(List<String> texts, BatchEncoding encoding, Tokenizer tokenizer) {
        List<int[]> ids = encoding.columns().get("input_ids");
        return IntStream.range(0, texts.size())
                .mapToObj(i ->
                        encoding.truncatedTokens() == 0 ? 0 : tokenizer.encode(texts.get(i)).length - ids.get(i).length)
                .toList();
    }

    private static int classId(String name, List<String> labels) {
        int id = labels.indexOf(name);
        if (id < 0) {
            throw new UsageException("A row has the label \"" + name + "\", which is none of " + labels
                    + "; correct the row or train with these labels first.");
        }
        return id;
    }

    private static Map<String, Double> accuracy(EvalPrediction shown) {
        return Map.of(
                "accuracy",
                IntStream.range(0, shown.labels().length)
                                .filter(i -> shown.predictions()[i] == shown.labels()[i])
                                .count()
                        / (double) shown.labels().length);
    }

    private void requireFitting(Tokenizer tokenizer, Path folder) {
        if (tokenizer.vocabSize() > model.vocabSize()) {
            int tokens = tokenizer.vocabSize();
            int embedded = model.vocabSize();
            model.close();
            throw new TrainerException(
                    "The tokenizer in %s has %,d tokens but the model embeds only %,d; use the tokenizer"
                                    .formatted(folder, tokens, embedded)
                            + " that belongs to these weights.");
        }
    }

    /** Encodes lazily, after a look at every row that is added to the decisions. */
    Dataset checked(Dataset rows, String name, List<RunPlan.Item> found) {
        Dataset encoded = rows.map(encoding);
        found.add(new RunPlan.Item(
                name, EncodedRows.check(encoded, key, maxLength).toString(), "counted"));
        return encoded;
    }

    PretrainedModel model() {
        return model;
    }

    List<RunPlan.Item> decisions() {
        return decisions;
    }

    Optional<ComputeMetrics> metrics() {
        return Optional.ofNullable(metrics);
    }

    @Override
    public void close() {
        model.close();
    }
}
