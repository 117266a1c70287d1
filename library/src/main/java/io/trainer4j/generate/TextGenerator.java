package io.trainer4j.generate;

import io.trainer4j.UsageException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.GenerationConfig;
import io.trainer4j.model.KeyValueCache;
import io.trainer4j.text.ChatMessage;
import io.trainer4j.text.ChatTemplate;
import io.trainer4j.text.ChatTemplateInput;
import io.trainer4j.text.GenerationPrompt;
import io.trainer4j.text.PromptStyle;
import io.trainer4j.text.SpecialTokens;
import io.trainer4j.text.StreamingDecoder;
import io.trainer4j.text.Tokenizer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * From a question to an answer: writes the prompt as the model was trained on it, generates, and decodes as it goes. Model
 * and tokenizer stay the caller's to close. Used by one thread at a time.
 */
public final class TextGenerator {
    private final CausalLM model;
    private final Tokenizer tokenizer;
    private final ChatTemplate template;

    private TextGenerator(CausalLM model, Tokenizer tokenizer, ChatTemplate template) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.template = template;
    }

    /**
     * Prepares to generate.
     *
     * @param style CHAT wraps a question in the chat template, TEXT takes it as it is, AUTO does what the tokenizer allows
     * @throws UsageException if the style is CHAT and the tokenizer has no template
     */
    public static TextGenerator of(CausalLM model, Tokenizer tokenizer, PromptStyle style) {
        ChatTemplate template =
                style == PromptStyle.TEXT ? null : tokenizer.chatTemplate().orElse(null);
        if (style == PromptStyle.CHAT && template == null) {
            throw new UsageException("The tokenizer has no chat template; use --prompt-style text.");
        }
        return new TextGenerator(model, tokenizer, template);
    }

    /** The model's own generation defaults, ending also at the tokenizer's end-of-sequence token. */
    public GenerationConfig defaults() {
        GenerationConfig config = model.generationConfig();
        return tokenizer.eosTokenId().isPresent()
                ? config.withEosTokenId(tokenizer.eosTokenId().getAsInt())
                : config;
    }

    /** Answers one question. */
    public String answer(String question, GenerationConfig options) {
        try (KeyValueCache cache = model.newCache()) {
            return complete(promptIds(List.of(ChatMessage.user(question))), options, cache, text -> {}, id -> true);
        }
    }

    /**
     * Answers a conversation whose turns are at hand.
     *
     * @param conversation ends with what is to be answered
     * @throws UsageException if there is no chat template to write it with
     */
    public String answer(ChatTemplateInput conversation, GenerationConfig options) {
        if (template == null) {
            throw new UsageException(
                    "A conversation is written by a chat template, and the tokenizer has none or is not to"
                            + " use it; leave --prompt-style out and use a tokenizer with one.");
        }
        ChatTemplateInput asked =
                new ChatTemplateInput(conversation.messages(), GenerationPrompt.ADD, conversation.variables());
        int[] promptIds =
                tokenizer.encodeWithoutSpecialTokens(template.render(asked).text());
        try (KeyValueCache cache = model.newCache()) {
            return complete(promptIds, options, cache, text -> {}, id -> true);
        }
    }

    /** Starts a conversation that remembers its turns. */
    public Conversation converse(GenerationConfig options) {
        return new Conversation(this, options, model.newCache());
    }

    /** Token ids of a conversation, ready for the model's next turn; without a template, of its last text alone. */
    int[] promptIds(List<ChatMessage> messages) {
        return template == null
                ? tokenizer.encode(messages.get(messages.size() - 1).content())
                : tokenizer.encodeWithoutSpecialTokens(template.render(messages, GenerationPrompt.ADD));
    }

    /**
     * Generates and decodes.
     *
     * @param onText told each piece of text as soon as it is certain
     * @param goOn asked after every token; false ends the answer
     */
    String complete(
            int[] promptIds,
            GenerationConfig options,
            KeyValueCache cache,
            Consumer<String> onText,
            IntPredicate goOn) {
        StreamingDecoder decoder = tokenizer.streamingDecoder(SpecialTokens.SKIP);
        StringBuilder answer = new StringBuilder();
        Consumer<String> collect = text -> {
            if (!text.isEmpty()) {
                answer.append(text);
                onText.accept(text);
            }
        };
        model.generate(promptIds, options, cache, id -> {
            collect.accept(decoder.put(id));
            return goOn.test(id);
        });
        collect.accept(decoder.end());
        return answer.toString();
    }
}
