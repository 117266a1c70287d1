package io.trainer4j.text;

import java.util.List;

/** The way a model expects a conversation to be written as one text. */
public interface ChatTemplate {
    /**
     * Writes a conversation as transformers' {@code apply_chat_template(tokenize=False)} does. The text holds its special
     * tokens already, so it is tokenized with {@link Tokenizer#encodeWithoutSpecialTokens(String)}.
     *
     * @param messages the turns in order, at least one
     * @throws io.trainer4j.TrainerException if this version cannot render the template or one of the roles
     */
    String render(List<ChatMessage> messages, GenerationPrompt generationPrompt);
}
