package io.trainer4j.text;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.text.jinja.RenderedTemplate;
import java.util.Arrays;
import java.util.List;

/**
 * Makes training rows of whole conversations in which only what the assistant said is trained, as TRL's SFT trainer does
 * with {@code assistant_only_loss} (trainer/sft_trainer.py). The chat template has to mark the assistant's words with
 * {@code {% generation %}} blocks; what it puts there besides them, such as the end-of-turn token, is trained too. With
 * {@link #assistantOnlyLoss} off every token is trained, and any chat template will do.
 *
 * <p>Where a character at the edge of a block is spelled by several tokens, all of them are trained; transformers keeps the
 * first only.
 */
public final class ConversationEncoder {
    private final Tokenizer tokenizer;
    private final int maxLength;
    private final boolean assistantOnly;

    private ConversationEncoder(Tokenizer tokenizer, int maxLength, boolean assistantOnly) {
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
        this.assistantOnly = assistantOnly;
    }

    /**
     * Prepares to encode.
     *
     * @param tokenizer stays open as long as the encoder is used
     * @param maxLength tokens per row at most, at least 1; what exceeds it is cut off at the end
     * @throws UsageException if the tokenizer has no chat template
     */
    public static ConversationEncoder of(Tokenizer tokenizer, int maxLength) {
        if (maxLength < 1) {
            throw new UsageException("A maximum length of " + maxLength + " tokens is not possible; give at least 1.");
        }
        if (tokenizer.chatTemplate().isEmpty()) {
            throw new UsageException("The tokenizer in " + tokenizer.folder()
                    + " has no chat template to write a conversation with; train on prompts and completions.");
        }
        return new ConversationEncoder(tokenizer, maxLength, true);
    }

    /**
     * An encoder of the same rows that trains what the assistant said, as is the default, or every token; {@code
     * assistant_only_loss} of SFTConfig, where false is the default.
     */
    public ConversationEncoder assistantOnlyLoss(boolean value) {
        return new ConversationEncoder(tokenizer, maxLength, value);
    }

    /** Encodes a conversation of plain texts. */
    public TrainingExample encode(List<ChatMessage> messages) {
        return encode(ChatTemplateInput.of(messages, GenerationPrompt.OMIT));
    }

    /**
     * Encodes a conversation.
     *
     * @throws TrainerException if only the assistant's tokens are trained and the template marks none
     */
    public TrainingExample encode(ChatTemplateInput input) {
        RenderedTemplate rendered = tokenizer.render(input);
        OffsetEncoding encoding = tokenizer.encodeWithOffsets(rendered.text());
        int[] labels = assistantOnly ? assistantLabels(rendered, encoding) : encoding.ids();
        int length = Math.min(labels.length, maxLength);
        return new TrainingExample(
                Arrays.copyOf(encoding.ids(), length), Arrays.copyOf(labels, length), labels.length - length);
    }

    private int[] assistantLabels(RenderedTemplate rendered, OffsetEncoding encoding) {
        boolean[] trained = encoding.within(rendered.generated());
        int[] labels = encoding.ids().clone();
        int targets = 0;
        for (int i = 0; i < labels.length; i++) {
            if (trained[i]) {
                targets++;
            } else {
                labels[i] = TrainingExample.IGNORED;
            }
        }
        if (targets == 0) {
            throw new TrainerException("The chat template in " + tokenizer.folder()
                    + " marks no token of a conversation as the assistant's; put {% generation %} and"
                    + " {% endgeneration %} around what the assistant says, or train every turn with assistant_only_loss"
                    + " false, and give conversations with an answer.");
        }
        return labels;
    }
}
