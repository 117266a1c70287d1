package io.trainer4j.text;

import io.trainer4j.UsageException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Conversations as {@code <|im_start|>role\ncontent<|im_end|>\n}.
 *
 * @param defaultSystem system message written before a conversation that does not start with one
 */
record ChatMlTemplate(Optional<String> defaultSystem) implements ChatTemplate {
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");

    @Override
    public String render(List<ChatMessage> messages, GenerationPrompt generationPrompt) {
        if (messages.isEmpty()) {
            throw new UsageException("A conversation without messages cannot be rendered; give at least one message.");
        }
        StringBuilder text = new StringBuilder();
        if (!messages.get(0).role().equals("system")) {
            defaultSystem.ifPresent(content -> append(text, ChatMessage.system(content)));
        }
        messages.forEach(message -> append(text, message));
        if (generationPrompt == GenerationPrompt.ADD) {
            text.append("<|im_start|>assistant\n");
        }
        return text.toString();
    }

    private static void append(StringBuilder text, ChatMessage message) {
        if (!ROLES.contains(message.role())) {
            throw new UsageException("A message has the role \"" + message.role()
                    + "\"; this version renders the roles system, user and assistant.");
        }
        text.append("<|im_start|>")
                .append(message.role())
                .append('\n')
                .append(message.content())
                .append("<|im_end|>\n");
    }
}
