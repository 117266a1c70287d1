package io.trainer4j.text;

import io.trainer4j.UsageException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a chat template is given, as transformers' {@code apply_chat_template} takes it. Values are what JSON knows: Map,
 * List, String, Number, Boolean and null.
 *
 * @param messages the turns in order, at least one; each has a {@code role} and whatever else the template reads, such as
 *     {@code content}, {@code tool_calls}, {@code reasoning_content}
 * @param variables what else the template may read, for example {@code tools} or {@code enable_thinking}
 */
public record ChatTemplateInput(
        List<Map<String, Object>> messages, GenerationPrompt generationPrompt, Map<String, Object> variables) {
    /** Checks that there is a message. */
    public ChatTemplateInput {
        if (messages.isEmpty()) {
            throw new UsageException("A conversation without messages cannot be rendered; give at least one message.");
        }
        messages = List.copyOf(messages);
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }

    /** A conversation of plain texts and nothing else. */
    public static ChatTemplateInput of(List<ChatMessage> messages, GenerationPrompt generationPrompt) {
        List<Map<String, Object>> maps =
                messages.stream().map(ChatTemplateInput::map).toList();
        return new ChatTemplateInput(maps, generationPrompt, Map.of());
    }

    /** In this order, for templates that write a whole message. */
    private static Map<String, Object> map(ChatMessage message) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("role", message.role());
        map.put("content", message.content());
        return map;
    }

    /**
     * The same with tools the model may call.
     *
     * @param tools a JSON schema each
     */
    public ChatTemplateInput withTools(List<Map<String, Object>> tools) {
        return with("tools", tools);
    }

    /**
     * The same with documents the model shall answer from.
     *
     * @param documents each usually with a {@code title} and a {@code text}
     */
    public ChatTemplateInput withDocuments(List<Map<String, Object>> documents) {
        return with("documents", documents);
    }

    /** The same with a variable of the template's own; one of the same name is replaced. */
    public ChatTemplateInput with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(variables);
        more.put(name, value);
        return new ChatTemplateInput(messages, generationPrompt, more);
    }

    /** Whether the model may call tools. */
    boolean hasTools() {
        return variables.get("tools") != null;
    }
}
