package io.trainer4j.cli;

import io.trainer4j.data.Batch;
import io.trainer4j.data.Columns;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.text.ChatTemplateInput;
import io.trainer4j.text.ConversationEncoder;
import io.trainer4j.text.GenerationPrompt;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.text.TrainingExample;
import io.trainer4j.train.RunPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answering in conversations: the loss counts what the assistant says, or every turn. */
record ConversationTask(Tokenizer tokenizer, String messages, boolean assistantOnly, MaxLength maxLength) {

    TaskSetup open(ModelSource source, LoadOptions load) {
        ConversationEncoder encoder =
                ConversationEncoder.of(tokenizer, maxLength.tokens()).assistantOnlyLoss(assistantOnly);
        return new TaskSetup(
                source.complete(AutoModelForCausalLM.fromPretrained(source.folder(), load)),
                rows -> rows.map(batch -> encode(batch, encoder)),
                messages,
                maxLength,
                List.of(
                        new RunPlan.Item(
                                "columns",
                                messages,
                                assistantOnly
                                        ? "conversations; the loss counts the assistant's turns only"
                                        : "conversations; the loss counts every turn, --assistant-only-loss false"),
                        maxLength.decision()),
                Optional.empty(),
                Optional.empty());
    }

    private Columns encode(Batch rows, ConversationEncoder encoder) {
        List<TrainingExample> examples = rows.column(messages).stream()
                .map(cell -> encoder.encode(
                        new ChatTemplateInput(Turns.of(cell, messages).list(), GenerationPrompt.OMIT, Map.of())))
                .toList();
        return Columns.of(
                        "input_ids",
                        examples.stream().map(TrainingExample::inputIds).toList())
                .and("labels", examples.stream().map(TrainingExample::labels).toList())
                .and(
                        EncodedRows.CUT,
                        examples.stream().map(TrainingExample::truncatedTokens).toList());
    }
}
