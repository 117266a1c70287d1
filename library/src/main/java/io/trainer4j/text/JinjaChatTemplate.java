package io.trainer4j.text;

import io.trainer4j.text.jinja.JinjaTemplate;
import io.trainer4j.text.jinja.RenderedTemplate;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A chat template in Jinja; parsed at its first use, so that a tokenizer with a broken one can do everything else. */
final class JinjaChatTemplate implements ChatTemplate {
    private final String source;
    private final String name;
    private final Map<String, String> specialTokens;
    private volatile JinjaTemplate template;

    /**
     * @param file where the source was found, for messages
     * @param specialTokens variables of the template, for example {@code bos_token}
     */
    JinjaChatTemplate(String source, Path file, Map<String, String> specialTokens) {
        this.source = source;
        this.name = "The chat template in " + file;
        this.specialTokens = Map.copyOf(specialTokens);
    }

    @Override
    public RenderedTemplate render(ChatTemplateInput input) {
        if (template == null) {
            template = JinjaTemplate.parse(source, name);
        }
        Map<String, Object> variables = new HashMap<>(specialTokens);
        variables.put("tools", null);
        variables.put("documents", null);
        variables.putAll(input.variables());
        variables.put("messages", input.messages());
        variables.put("add_generation_prompt", input.generationPrompt() == GenerationPrompt.ADD);
        return template.render(variables);
    }
}
