package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatTemplatesTest {
    private static final String QWEN2 = "{% for message in messages %}"
            + "{% if loop.first and messages[0]['role'] != 'system' %}"
            + "{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}"
            + "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}"
            + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private static final List<ChatMessage> QUESTION = List.of(ChatMessage.user("你好"));

    @Test
    void chatMlHasNoSystemMessageOfItsOwn() {
        assertThat(render(ChatTemplates.CHATML, QUESTION, GenerationPrompt.ADD))
                .isEqualTo("<|im_start|>user\n你好<|im_end|>\n<|im_start|>assistant\n");
    }

    @Test
    void qwen2StartsWithASystemMessage() {
        assertThat(render(QWEN2, QUESTION, GenerationPrompt.OMIT)).isEqualTo("""
                        <|im_start|>system
                        You are a helpful assistant.<|im_end|>
                        <|im_start|>user
                        你好<|im_end|>
                        """);
        assertThat(render(QWEN2.replace("You are a helpful assistant.", "医生"), QUESTION, GenerationPrompt.OMIT))
                .startsWith("<|im_start|>system\n医生<|im_end|>\n");
    }

    @Test
    void aGivenSystemMessageReplacesTheDefault() {
        List<ChatMessage> messages =
                List.of(ChatMessage.system("s"), ChatMessage.user("q"), ChatMessage.assistant("a"));
        assertThat(render(QWEN2, messages, GenerationPrompt.OMIT)).isEqualTo("""
                        <|im_start|>system
                        s<|im_end|>
                        <|im_start|>user
                        q<|im_end|>
                        <|im_start|>assistant
                        a<|im_end|>
                        """);
    }

    @Test
    void aLineBreakAtTheEndChangesNothing() {
        assertThat(render(ChatTemplates.CHATML + "\n", QUESTION, GenerationPrompt.OMIT))
                .isEqualTo("<|im_start|>user\n你好<|im_end|>\n");
    }

    @Test
    void aLineBreakInALiteralMayBeWrittenEitherWay() {
        assertThat(render(QWEN2.replace("\\n", "\n"), QUESTION, GenerationPrompt.ADD))
                .isEqualTo(render(QWEN2, QUESTION, GenerationPrompt.ADD));
    }

    @Test
    void anyOtherDifferenceIsRefused() {
        // Jinja would write the added space, and trim the content, and end the last one differently.
        for (String template : List.of(
                ChatTemplates.CHATML.replace("%}{{'<|im", "%} {{'<|im"),
                ChatTemplates.CHATML.replace("%}{{'<|im", "%}\n{{'<|im"),
                ChatTemplates.CHATML.replace("message['content']", "message['content'] | trim"),
                ChatTemplates.CHATML.replace("assistant\\n' }}", "assistant' }}"),
                QWEN2.replace("assistant.", "assistant.' + '"),
                QWEN2.replace("assistant.", "{{ x }}"),
                "")) {
            assertThatThrownBy(() -> render(template, QUESTION, GenerationPrompt.ADD))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("some file")
                    .hasMessageContaining("this version renders ChatML templates only")
                    .hasMessageContaining("use --prompt-style text");
        }
    }

    @Test
    void wrongConversationsAreNamed() {
        assertThatThrownBy(() -> render(QWEN2, List.of(), GenerationPrompt.ADD)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> render(QWEN2, List.of(new ChatMessage("tool", "x")), GenerationPrompt.ADD))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("\"tool\"");
    }

    private static String render(String template, List<ChatMessage> messages, GenerationPrompt generationPrompt) {
        return ChatTemplates.of(template, Path.of("some file")).render(messages, generationPrompt);
    }
}
