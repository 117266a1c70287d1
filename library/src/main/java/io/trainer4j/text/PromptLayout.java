package io.trainer4j.text;

import java.util.List;

/** Token ids of a prompt alone and of prompt and completion together. */
sealed interface PromptLayout {
    int[] prompt(String prompt);

    int[] whole(String prompt, String completion);

    /** A user message and the assistant's answer. */
    record Chat(Tokenizer tokenizer) implements PromptLayout {
        @Override
        public int[] prompt(String prompt) {
            return tokenizer.applyChatTemplate(List.of(ChatMessage.user(prompt)), GenerationPrompt.ADD);
        }

        @Override
        public int[] whole(String prompt, String completion) {
            return tokenizer.applyChatTemplate(
                    List.of(ChatMessage.user(prompt), ChatMessage.assistant(completion)), GenerationPrompt.OMIT);
        }
    }

    /** Prompt and completion as they are, with the end-of-text token behind unless the completion brings it. */
    record Text(Tokenizer tokenizer, String endOfText) implements PromptLayout {
        @Override
        public int[] prompt(String prompt) {
            return tokenizer.encode(prompt);
        }

        @Override
        public int[] whole(String prompt, String completion) {
            String end = completion.endsWith(endOfText) ? "" : endOfText;
            return tokenizer.encode(prompt + completion + end);
        }
    }
}
