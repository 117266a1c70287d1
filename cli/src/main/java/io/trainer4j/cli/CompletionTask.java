package io.trainer4j.cli;

import io.trainer4j.data.Batch;
import io.trainer4j.data.Columns;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.text.CompletionEncoder;
import io.trainer4j.text.PromptStyle;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.text.TrainingExample;
import io.trainer4j.text.TrainingExamples;
import io.trainer4j.train.RunPlan;
import java.util.List;
import java.util.Optional;

/** Answering prompts: the loss counts the completion, and the prompt where {@code completion_only_loss} is off. */
record CompletionTask(
        Tokenizer tokenizer,
        PromptStyle style,
        String prompt,
        String completion,
        boolean completionOnly,
        MaxLength maxLength) {

    TaskSetup open(ModelSource source, LoadOptions load) {
        CompletionEncoder encoder =
                CompletionEncoder.of(tokenizer, style, maxLength.tokens()).completionOnlyLoss(completionOnly);
        return new TaskSetup(
                source.complete(AutoModelForCausalLM.fromPretrained(source.folder(), load)),
                rows -> rows.map(batch -> encode(batch, encoder)),
                prompt,
                maxLength,
                List.of(
                        new RunPlan.Item(
                                "columns",
                                prompt + " -> " + completion,
                                completionOnly
                                        ? "the loss counts " + completion + " only"
                                        : "the loss counts both, --completion-only-loss false"),
                        styleDecision(),
                        maxLength.decision()),
                Optional.empty(),
                Optional.empty());
    }

    private RunPlan.Item styleDecision() {
        boolean template = tokenizer.chatTemplate().isPresent();
        return switch (style) {
            case AUTO ->
                new RunPlan.Item(
                        "prompt style",
                        template ? "chat" : "text",
                        "the tokenizer has " + (template ? "a" : "no") + " chat template");
            case CHAT -> new RunPlan.Item("prompt style", "chat", "--prompt-style");
            case TEXT -> new RunPlan.Item("prompt style", "text", "--prompt-style");
        };
    }

    private Columns encode(Batch rows, CompletionEncoder encoder) {
        TrainingExamples examples = encoder.encode(texts(rows, prompt), texts(rows, completion));
        return Columns.of("input_ids", examples.columns().get("input_ids"))
                .and("labels", examples.columns().get("labels"))
                .and(
                        EncodedRows.CUT,
                        examples.rows().stream()
                                .map(TrainingExample::truncatedTokens)
                                .toList());
    }

    /** An empty cell, which only --no-clean leaves, is an empty text. */
    private static List<String> texts(Batch rows, String column) {
        return rows.strings(column).stream()
                .map(text -> text == null ? "" : text)
                .toList();
    }
}
