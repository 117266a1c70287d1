package io.trainer4j.text;

/** How a prompt and its completion become one text for training. */
public enum PromptStyle {
    /** {@link #CHAT} if the tokenizer has a chat template, else {@link #TEXT}. */
    AUTO,
    /** As a user message and the assistant's answer, through the chat template. */
    CHAT,
    /** One after the other as they are, with the end-of-text token behind. */
    TEXT
}
