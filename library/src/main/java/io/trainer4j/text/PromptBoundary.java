package io.trainer4j.text;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How many tokens a prompt has in common with prompt and completion together. May be used by several threads.
 *
 * <p>A tokenizer cuts a text at its added tokens before anything else and encodes what is between them piece by piece
 * ({@code extract_and_normalize} in tokenizers' added_vocabulary.rs). So where both texts begin alike, all tokens up to the
 * last added one are the same, and only the little behind it, in chat templates the name of the assistant's role, is
 * encoded again, once for all rows that share it: a third of the time of encoding a row is saved.
 */
final class PromptBoundary {
    private final Tokenizer tokenizer;
    private volatile String marker; // null until the first prompt shows it, empty where that has none
    private volatile Ending ending = new Ending("", new int[0]);

    /** The end of a prompt, from its last marker on; never changed. */
    private record Ending(String text, int[] ids) {}

    PromptBoundary(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Counts the tokens in common.
     *
     * @param ids of {@code whole}, without special tokens around it
     */
    int of(String prompt, String whole, int... ids) {
        String token = marker(prompt);
        int known = token.isEmpty() ? -1 : ofMarked(token, prompt, whole, ids);
        return known >= 0 ? known : common(tokenizer.encodeWithoutSpecialTokens(prompt), ids);
    }

    /** Where the prompt's last tokens change because of what follows, only what both have in common is prompt. */
    static int common(int[] promptIds, int[] ids) {
        int mismatch = Arrays.mismatch(promptIds, ids);
        return mismatch < 0 ? ids.length : mismatch;
    }

    /** The added token that comes last in the first prompt. */
    private String marker(String prompt) {
        if (marker == null) {
            String last = "";
            for (String token : tokenizer.markers()) {
                if (prompt.lastIndexOf(token) > (last.isEmpty() ? -1 : prompt.lastIndexOf(last))) {
                    last = token;
                }
            }
            marker = last;
        }
        return marker;
    }

    /** As {@link #of}, or -1 where it is not certain that the marker divides both texts in the same way. */
    private int ofMarked(String token, String prompt, String whole, int... ids) {
        int[] inPrompt = places(token, prompt);
        int id = tokenizer.tokenToId(token).orElse(-1);
        int[] inIds = IntStream.range(0, ids.length).filter(i -> ids[i] == id).toArray();
        if (inPrompt.length == 0 || !whole.startsWith(prompt) || inIds.length != places(token, whole).length) {
            return -1;
        }
        int[] end = end(prompt.substring(inPrompt[inPrompt.length - 1]));
        if (end[0] != id) {
            return -1;
        }
        int place = inIds[inPrompt.length - 1];
        int mismatch = Arrays.mismatch(end, 0, end.length, ids, place, ids.length);
        return mismatch < 0 ? ids.length : place + mismatch;
    }

    private int[] end(String text) {
        Ending known = ending;
        if (!known.text().equals(text)) {
            known = new Ending(text, tokenizer.encodeWithoutSpecialTokens(text));
            ending = known;
        }
        return known.ids();
    }

    /** Where a text spells a token, one behind the other. */
    private static int[] places(String token, String text) {
        return IntStream.iterate(text.indexOf(token), at -> at >= 0, at -> text.indexOf(token, at + token.length()))
                .toArray();
    }
}
