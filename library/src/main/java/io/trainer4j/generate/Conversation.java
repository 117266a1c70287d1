package io.trainer4j.generate;

import io.trainer4j.model.GenerationConfig;
import io.trainer4j.model.KeyValueCache;
import io.trainer4j.text.ChatMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Several turns with one model. What the model has read stays in the conversation's key/value cache, so a turn costs only
 * its new tokens. Belongs to one thread; closing frees the cache.
 */
public final class Conversation implements AutoCloseable {
    private final TextGenerator generator;
    private final GenerationConfig options;
    private final KeyValueCache cache;
    private final List<ChatMessage> messages = new ArrayList<>();
    private int[] computed = {};

    Conversation(TextGenerator generator, GenerationConfig options, KeyValueCache cache) {
        this.generator = generator;
        this.options = options;
        this.cache = cache;
    }

    /** As {@link #say(String, Consumer, BooleanSupplier)}, to the end of the answer. */
    public String say(String text, Consumer<String> onText) {
        return say(text, onText, () -> true);
    }

    /**
     * Says something and waits for the answer; both are remembered. A turn that fails leaves the conversation as it was.
     *
     * @param onText told the answer piece by piece, never half a character
     * @param goOn asked after every token; false cuts the answer short
     */
    public String say(String text, Consumer<String> onText, BooleanSupplier goOn) {
        List<ChatMessage> asked = new ArrayList<>(messages);
        asked.add(ChatMessage.user(text));
        int[] prompt = generator.promptIds(asked);
        // The template may write earlier turns differently from what was generated: keep the part that is the same.
        int same = Arrays.mismatch(computed, prompt);
        int kept = same < 0 ? Math.min(computed.length, prompt.length) : same;
        cache.truncate(Math.min(kept, prompt.length - 1));
        computed = Arrays.copyOf(prompt, cache.length()); // what is certain if the turn fails
        List<Integer> generated = new ArrayList<>();
        String answer = generator.complete(prompt, options, cache, onText, id -> {
            generated.add(id);
            return goOn.getAsBoolean();
        });
        int[] all = Arrays.copyOf(prompt, prompt.length + generated.size());
        for (int i = 0; i < generated.size(); i++) {
            all[prompt.length + i] = generated.get(i);
        }
        computed = Arrays.copyOf(all, cache.length());
        messages.addAll(List.of(ChatMessage.user(text), ChatMessage.assistant(answer)));
        return answer;
    }

    /** The turns so far. */
    public List<ChatMessage> messages() {
        return List.copyOf(messages);
    }

    /** Forgets all turns. */
    public void clear() {
        messages.clear();
        cache.truncate(0);
        computed = new int[0];
    }

    @Override
    public void close() {
        cache.close();
    }
}
