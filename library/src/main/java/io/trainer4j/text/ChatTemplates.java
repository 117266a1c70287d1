package io.trainer4j.text;

import io.trainer4j.TrainerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognises the templates that can be rendered exactly, by comparing them with known texts. */
final class ChatTemplates {
    /** The ChatML template without a default system message, given to tokenizers trained here. */
    static final String CHATML = "{% for message in messages %}"
            + "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}"
            + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private static final String SYSTEM = "@SYSTEM@";

    /** Qwen1.5 and Qwen2. */
    private static final Pattern QWEN2 = known("{% for message in messages %}"
            + "{% if loop.first and messages[0]['role'] != 'system' %}"
            + "{{ '<|im_start|>system\\n" + SYSTEM + "<|im_end|>\\n' }}{% endif %}"
            + "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}"
            + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}");

    /** Qwen2.5; without tools and tool calls only its outer branches decide what is written. */
    private static final Pattern QWEN2_5 = known("{%- if tools %}"
            + "{{- '<|im_start|>system\\n' }}"
            + "{%- if messages[0]['role'] == 'system' %}{{- messages[0]['content'] }}"
            + "{%- else %}{{- '" + SYSTEM + "' }}{%- endif %}"
            + "{{- \"\\n\\n# Tools\\n\\nYou may call one or more functions to assist with the user query."
            + "\\n\\nYou are provided with function signatures within <tools></tools> XML tags:\\n<tools>\" }}"
            + "{%- for tool in tools %}{{- \"\\n\" }}{{- tool | tojson }}{%- endfor %}"
            + "{{- \"\\n</tools>\\n\\nFor each function call, return a json object with function name and arguments"
            + " within <tool_call></tool_call> XML tags:\\n<tool_call>\\n{\\\"name\\\": <function-name>,"
            + " \\\"arguments\\\": <args-json-object>}\\n</tool_call><|im_end|>\\n\" }}"
            + "{%- else %}{%- if messages[0]['role'] == 'system' %}"
            + "{{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}"
            + "{%- else %}{{- '<|im_start|>system\\n" + SYSTEM + "<|im_end|>\\n' }}{%- endif %}{%- endif %}"
            + "{%- for message in messages %}"
            + "{%- if (message.role == \"user\") or (message.role == \"system\" and not loop.first)"
            + " or (message.role == \"assistant\" and not message.tool_calls) %}"
            + "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}"
            + "{%- elif message.role == \"assistant\" %}{{- '<|im_start|>' + message.role }}"
            + "{%- if message.content %}{{- '\\n' + message.content }}{%- endif %}"
            + "{%- for tool_call in message.tool_calls %}"
            + "{%- if tool_call.function is defined %}{%- set tool_call = tool_call.function %}{%- endif %}"
            + "{{- '\\n<tool_call>\\n{\"name\": \"' }}{{- tool_call.name }}"
            + "{{- '\", \"arguments\": ' }}{{- tool_call.arguments | tojson }}{{- '}\\n</tool_call>' }}"
            + "{%- endfor %}{{- '<|im_end|>\\n' }}"
            + "{%- elif message.role == \"tool\" %}"
            + "{%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != \"tool\") %}"
            + "{{- '<|im_start|>user' }}{%- endif %}"
            + "{{- '\\n<tool_response>\\n' }}{{- message.content }}{{- '\\n</tool_response>' }}"
            + "{%- if loop.last or (messages[loop.index0 + 1].role != \"tool\") %}"
            + "{{- '<|im_end|>\\n' }}{%- endif %}{%- endif %}{%- endfor %}"
            + "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}");

    /** White space that Jinja drops in any case: the next tag starts with a dash. */
    private static final Pattern DROPPED_SPACE = Pattern.compile("(?<=[%}]\\})\\s+(?=\\{[%{]-)");

    /** The line break that Jinja drops at the end of a template. */
    private static final Pattern LAST_LINE_BREAK = Pattern.compile("\\r?\\n\\z");

    private ChatTemplates() {}

    /**
     * The template with this Jinja source; one that is not known by its text refuses to render.
     *
     * @param file where the source was found, for the message
     */
    static ChatTemplate of(String source, Path file) {
        String text = LAST_LINE_BREAK.matcher(source).replaceFirst("");
        text = DROPPED_SPACE.matcher(text).replaceAll("");
        // The known templates have line breaks only inside string literals, where both spellings mean the same.
        text = text.replace("\n", "\\n");
        if (text.equals(CHATML)) {
            return new ChatMlTemplate(Optional.empty());
        }
        for (Pattern known : List.of(QWEN2, QWEN2_5)) {
            Matcher matcher = known.matcher(text);
            if (matcher.matches()) {
                return new ChatMlTemplate(Optional.of(matcher.group("system")));
            }
        }
        return (messages, generationPrompt) -> {
            throw new TrainerException("The chat template in " + file
                    + " is not one this version can render exactly: this version renders ChatML templates only"
                    + " (those of Qwen2 and Qwen2.5); use --prompt-style text.");
        };
    }

    /** The system message may be any text without quotes, escapes and braces, the same at every place. */
    private static Pattern known(String template) {
        String regex = Pattern.quote(template);
        regex = regex.replaceFirst(SYSTEM, Matcher.quoteReplacement("\\E(?<system>[^'\"\\\\{}]*)\\Q"));
        return Pattern.compile(regex.replace(SYSTEM, "\\E\\k<system>\\Q"));
    }
}
