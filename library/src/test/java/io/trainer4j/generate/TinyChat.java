package io.trainer4j.generate;

import io.trainer4j.model.CausalLM;
import io.trainer4j.model.GenerationConfig;
import io.trainer4j.model.KeyValueCache;
import io.trainer4j.testing.TinyModels;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.BytePairTrainer;
import io.trainer4j.text.ChatMessage;
import io.trainer4j.text.PromptStyle;
import io.trainer4j.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An untrained model with a tokenizer of 300 tokens, which says much and means nothing; closing frees both. */
record TinyChat(Tokenizer tokenizer, CausalLM model, TextGenerator generator) implements AutoCloseable {
    static final GenerationConfig TEN_TOKENS = GenerationConfig.greedy(Set.of()).withMaxNewTokens(10);

    /** With the bundled ChatML template. */
    static TinyChat open(Path folder, PromptStyle style) {
        writeTokenizer(folder);
        return of(folder, style);
    }

    /** With another chat template, or null for none. */
    static TinyChat open(Path folder, PromptStyle style, String template) {
        writeTokenizer(folder);
        setTemplate(folder, template);
        return of(folder, style);
    }

    private static TinyChat of(Path folder, PromptStyle style) {
        Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder);
        CausalLM model = TinyModels.causalLM(3, json -> json.put("vocab_size", tokenizer.vocabSize()));
        return new TinyChat(tokenizer, model, TextGenerator.of(model, tokenizer, style));
    }

    static void writeTokenizer(Path folder) {
        new BytePairTrainer(300, 1)
                .train(List.of("春天来了，花开了。春天走了，花谢了。", "the cat's hat, the cat's mat; abab abab"))
                .savePretrained(folder);
    }

    static void setTemplate(Path folder, String template) {
        Path file = folder.resolve("tokenizer_config.json");
        try {
            ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
            Files.writeString(file, config.put("chat_template", template).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the model answers to these turns when it reads them all anew. */
    String anew(List<ChatMessage> messages, GenerationConfig options) {
        try (KeyValueCache cache = model.newCache()) {
            return generator.complete(generator.promptIds(messages), options, cache, text -> {}, id -> true);
        }
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
