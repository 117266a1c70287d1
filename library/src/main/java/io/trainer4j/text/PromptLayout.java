package io.trainer4j.text;

import java.util.List;

/** How prompt and completion are written together. */
sealed interface PromptLayout {
    /** Tokens of prompt and completion together. */
    int[] whole(String prompt, String completion);

    /** The same, and how many of them are the prompt's. */
    PromptedTokens divided(String prompt, String completion);

    /** A user message and the assistant's answer. */
    record Chat(Tokenizer tokenizer, PromptBoundary boundary) implements PromptLayout {
        Chat(Tokenizer tokenizer) {
            this(tokenizer, new PromptBoundary(tokenizer));
        }

        @Override
        public int[] whole(String prompt, String completion) {
            return tokenizer.encodeWithoutSpecialTokens(written(prompt, completion));
        }

        @Override
        public PromptedTokens divided(String prompt, String completion) {
            String whole = written(prompt, completion);
            int[] ids = tokenizer.encodeWithoutSpecialTokens(whole);
            String question = tokenizer
                    .render(ChatTemplateInput.of(List.of(ChatMessage.user(prompt)), GenerationPrompt.ADD))
                    .text();
            return new PromptedTokens(ids, boundary.of(question, whole, ids));
        }

        private String written(String prompt, String completion) {
            List<ChatMessage> turns = List.of(ChatMessage.user(prompt), ChatMessage.assistant(completion));
            return tokenizer
                    .render(ChatTemplateInput.of(turns, GenerationPrompt.OMIT))
                    .text();
        }
    }

    /** Prompt and completion as they are, with the end-of-text token behind unless the completion brings it. */
    record Text(Tokenizer tokenizer, String endOfText) implements PromptLayout {
        @Override
        public int[] whole(String prompt, String completion) {
            String end = completion.endsWith(endOfText) ? "" : endOfText;
            return tokenizer.encode(prompt + completion + end);
        }

        @Override
        public PromptedTokens divided(String prompt, String completion) {
            int[] ids = whole(prompt, completion);
            return new PromptedTokens(ids, PromptBoundary.common(tokenizer.encode(prompt), ids));
        }
    }

    /**
     * Tokens of a row.
     *
     * @param promptLength how many of them, from the first on, are the prompt's
     */
    record PromptedTokens(int[] ids, int promptLength) {}
}
