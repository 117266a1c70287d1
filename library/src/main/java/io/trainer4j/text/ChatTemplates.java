package io.trainer4j.text;

import io.trainer4j.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The chat templates of one tokenizer.
 *
 * @param folder of the tokenizer, for messages
 * @param byName one is usually named {@code default}
 */
record ChatTemplates(Path folder, Map<String, ChatTemplate> byName) {
    /**
     * The ChatML template without a default system message, given to tokenizers trained here. It marks what the assistant
     * says and the end of it, for {@code assistant_only_loss}.
     */
    static final String CHATML = "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n'}}"
            + "{% if message['role'] == 'assistant' %}{% generation %}{{ message['content'] + '<|im_end|>' }}"
            + "{% endgeneration %}{% else %}{{ message['content'] + '<|im_end|>' }}{% endif %}{{ '\\n' }}"
            + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private static final String DEFAULT = "default";
    private static final String TOOL_USE = "tool_use";

    /**
     * Reads the templates as transformers does: those in files of their own come before the entry of the configuration,
     * which is one template or a list of named ones.
     */
    static ChatTemplates of(TokenizerFiles files, JsonNode config, Map<String, String> specialTokens) {
        Map<String, ChatTemplate> byName = new TreeMap<>();
        files.chatTemplates()
                .forEach((name, file) -> byName.put(
                        name, new JinjaChatTemplate(files.text(file).orElseThrow(), files.file(file), specialTokens)));
        if (byName.isEmpty()) {
            Path file = files.file(TokenizerFiles.CONFIG);
            JsonNode entry = config.path("chat_template");
            entry.stringValueOpt()
                    .ifPresent(source -> byName.put(DEFAULT, new JinjaChatTemplate(source, file, specialTokens)));
            for (JsonNode named : entry.isArray() ? entry.values() : List.<JsonNode>of()) {
                String source = named.path("template").asString("");
                byName.put(named.path("name").asString(DEFAULT), new JinjaChatTemplate(source, file, specialTokens));
            }
        }
        return new ChatTemplates(files.folder(), byName);
    }

    /** The template with this name. */
    Optional<ChatTemplate> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The template for an input: that for tools where there is one and tools are given, else the default. */
    Optional<ChatTemplate> choose(ChatTemplateInput input) {
        return input.hasTools() && byName.containsKey(TOOL_USE) ? named(TOOL_USE) : standard();
    }

    /** The template for a conversation without tools; one that refuses if several are there and none is the default. */
    Optional<ChatTemplate> standard() {
        if (byName.isEmpty() || byName.containsKey(DEFAULT)) {
            return named(DEFAULT);
        }
        return Optional.of(input -> {
            throw new UsageException("None of the chat templates in " + folder + " is named default; choose one of "
                    + String.join(", ", new TreeSet<>(byName.keySet())) + " with chatTemplate(name).");
        });
    }
}
