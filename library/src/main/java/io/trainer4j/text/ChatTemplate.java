package io.trainer4j.text;

import io.trainer4j.text.jinja.RenderedTemplate;
import java.util.List;

/** The way a model expects a conversation to be written as one text. */
public interface ChatTemplate {
    /**
     * Writes a conversation as transformers' {@code apply_chat_template(tokenize=False)} does. The text holds its special
     * tokens already, so it is tokenized with {@link Tokenizer#encodeWithoutSpecialTokens(String)}.
     *
     * @return the text, and which parts of it the assistant said as far as the template marks them
     * @throws io.trainer4j.TrainerException if the template cannot be rendered; names its line and column
     */
    RenderedTemplate render(ChatTemplateInput input);

    /**
     * Writes a conversation of plain texts.
     *
     * @param messages the turns in order, at least one
     * @throws io.trainer4j.TrainerException as {@link #render(ChatTemplateInput)}
     */
    default String render(List<ChatMessage> messages, GenerationPrompt generationPrompt) {
        return render(ChatTemplateInput.of(messages, generationPrompt)).text();
    }
}
