package io.trainer4j.cli;

import io.trainer4j.UsageException;
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
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Answering in conversations: the loss counts what the assistant says, or every turn. */
record ConversationTask(Tokenizer tokenizer, String messages, boolean assistantOnly, MaxLength maxLength) {

    TaskSetup open(ModelSource source, LoadOptions load) {
        ConversationEncoder encoder =
                ConversationEncoder.of(tokenizer, maxLength.tokens()).assistantOnlyLoss(assistantOnly);
        return new TaskSetup(
                source.complete(AutoModelForCausalLM.fromPretrained(source.folder(), load)),
                rows -> encode(rows, encoder),
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
                .map(cell -> encoder.encode(new ChatTemplateInput(turns(cell), GenerationPrompt.OMIT, Map.of())))
                .toList();
        return Columns.of(
                        "input_ids",
                        examples.stream().map(TrainingExample::inputIds).toList())
                .and("labels", examples.stream().map(TrainingExample::labels).toList())
                .and(
                        EncodedRows.CUT,
                        examples.stream().map(TrainingExample::truncatedTokens).toList());
    }

    /** The turns of a cell: as JSON holds them, or in a CSV cell as the text of such JSON. */
    private List<Map<String, Object>> turns(Object cell) {
        try {
            Object json = cell instanceof String text ? JsonMapper.shared().readValue(text, Object.class) : cell;
            List<Map<String, Object>> turns =
                    JsonMapper.shared().convertValue(json, new TypeReference<List<Map<String, Object>>>() {});
            if (turns != null
                    && !turns.isEmpty()
                    && turns.stream().allMatch(turn -> turn.get("role") instanceof String)) {
                return turns;
            }
        } catch (JacksonException | IllegalArgumentException e) {
            throw noConversation(cell, e);
        }
        throw noConversation(cell, null);
    }

    private UsageException noConversation(Object cell, Exception cause) {
        UsageException refusal = new UsageException("Column \"" + messages + "\" holds \""
                + EncodedRows.shortened(String.valueOf(cell))
                + "\" where a conversation is needed; write it as [{\"role\": \"user\", \"content\": \"...\"}, ...].");
        if (cause != null) {
            refusal.initCause(cause);
        }
        return refusal;
    }
}
