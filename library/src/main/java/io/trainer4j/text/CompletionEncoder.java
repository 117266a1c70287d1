package io.trainer4j.text;

import io.trainer4j.UsageException;
import io.trainer4j.text.PromptLayout.PromptedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes training rows of prompts and completions, as TRL's SFT trainer does (trainer/sft_trainer.py): both are tokenized
 * together, the prompt's tokens get the label -100 unless {@code completion_only_loss} is off, and what exceeds the maximum
 * length is cut off at the end.
 */
public final class CompletionEncoder {
    private final PromptLayout layout;
    private final int maxLength;
    private final boolean completionOnly;

    private CompletionEncoder(PromptLayout layout, int maxLength, boolean completionOnly) {
        this.layout = layout;
        this.maxLength = maxLength;
        this.completionOnly = completionOnly;
    }

    /**
     * Prepares to encode.
     *
     * @param tokenizer stays open as long as the encoder is used
     * @param maxLength tokens per row at most, at least 1
     * @throws UsageException if the style needs a chat template or an end-of-text token the tokenizer does not have
     */
    public static CompletionEncoder of(Tokenizer tokenizer, PromptStyle style, int maxLength) {
        if (maxLength < 1) {
            throw new UsageException("A maximum length of " + maxLength + " tokens is not possible; give at least 1.");
        }
        return new CompletionEncoder(layout(tokenizer, style), maxLength, true);
    }

    /**
     * An encoder of the same rows that trains the completion only, as is the default, or the prompt's tokens too; {@code
     * completion_only_loss} of SFTConfig.
     */
    public CompletionEncoder completionOnlyLoss(boolean value) {
        return new CompletionEncoder(layout, maxLength, value);
    }

    /** Encodes one row. */
    public TrainingExample encode(String prompt, String completion) {
        PromptedTokens tokens = completionOnly
                ? layout.divided(prompt, completion)
                : new PromptedTokens(layout.whole(prompt, completion), 0);
        int[] ids = tokens.ids();
        int[] inputIds = Arrays.copyOf(ids, Math.min(ids.length, maxLength));
        int[] labels = inputIds.clone();
        Arrays.fill(labels, 0, Math.min(tokens.promptLength(), labels.length), TrainingExample.IGNORED);
        return new TrainingExample(inputIds, labels, ids.length - inputIds.length);
    }

    /**
     * Encodes a batch of rows.
     *
     * @param completions one for every prompt
     */
    public TrainingExamples encode(List<String> prompts, List<String> completions) {
        if (prompts.size() != completions.size()) {
            throw new UsageException("There are " + prompts.size() + " prompts and " + completions.size()
                    + " completions; give one completion for every prompt.");
        }
        List<TrainingExample> rows = new ArrayList<>(prompts.size());
        for (int i = 0; i < prompts.size(); i++) {
            rows.add(encode(prompts.get(i), completions.get(i)));
        }
        return new TrainingExamples(rows);
    }

    private static PromptLayout layout(Tokenizer tokenizer, PromptStyle style) {
        if (style == PromptStyle.TEXT
                || (style == PromptStyle.AUTO && tokenizer.chatTemplate().isEmpty())) {
            String endOfText = tokenizer
                    .eosToken()
                    .orElseThrow(() -> new UsageException("The tokenizer in " + tokenizer.folder()
                            + " has no eos_token to end a completion with; name one in tokenizer_config.json."));
            return new PromptLayout.Text(tokenizer, endOfText);
        }
        if (tokenizer.chatTemplate().isEmpty()) {
            throw new UsageException(
                    "The tokenizer in " + tokenizer.folder() + " has no chat template; use the prompt style text.");
        }
        return new PromptLayout.Chat(tokenizer);
    }
}
