package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void whatStandsBetweenTagsIsWritten() {
        String spaced = ChatTemplates.CHATML.replace("%}{{'<|im", "%} {{'<|im");
        assertThat(render(spaced, QUESTION, GenerationPrompt.OMIT)).isEqualTo(" <|im_start|>user\n你好<|im_end|>\n");
    }

    @Test
    void aFailureNamesTheFile() {
        assertThatThrownBy(() -> render("{{ messages[5].role }}", QUESTION, GenerationPrompt.ADD))
                .isInstanceOf(TrainerException.class)
                .hasMessage(
                        "The chat template in some file cannot be rendered, line 1, column 15: a value of type list has"
                                + " no element 5.");
    }

    @Test
    void aConversationNeedsAMessage() {
        assertThatThrownBy(() -> render(QWEN2, List.of(), GenerationPrompt.ADD)).isInstanceOf(UsageException.class);
    }

    @Test
    void specialTokensAreVariablesThatAnInputCanReplace() {
        ChatTemplate template = new JinjaChatTemplate(
                "{{ bos_token }}{{ tools }}{{ documents }}", Path.of("some file"), Map.of("bos_token", "<s>"));
        ChatTemplateInput input = ChatTemplateInput.of(QUESTION, GenerationPrompt.OMIT);
        assertThat(template.render(input).text()).isEqualTo("<s>NoneNone");
        assertThat(template.render(input.with("bos_token", "!").withDocuments(List.of(Map.of("text", "d"))))
                        .text())
                .isEqualTo("!None[{'text': 'd'}]");
    }

    @Test
    void aTokenizerMayHaveSeveralTemplates(@TempDir Path folder) throws IOException {
        TinyTokenizers.bert(
                folder, "{'chat_template':[{'name':'default','template':'a'},{'name':'tool_use','template':'b'}]}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            ChatTemplateInput input = ChatTemplateInput.of(QUESTION, GenerationPrompt.OMIT);
            assertThat(tokenizer.decode(tokenizer.applyChatTemplate(input), SpecialTokens.KEEP))
                    .isEqualTo("a");
            assertThat(tokenizer.decode(tokenizer.applyChatTemplate(input.withTools(List.of())), SpecialTokens.KEEP))
                    .isEqualTo("b");
            assertThat(tokenizer
                            .chatTemplate("tool_use")
                            .orElseThrow()
                            .render(input)
                            .text())
                    .isEqualTo("b");
            assertThat(tokenizer.chatTemplate("rag")).isEmpty();
        }
    }

    @Test
    void filesComeBeforeTheConfigurationAndAreSavedAsTheyAre(@TempDir Path folder, @TempDir Path copy)
            throws IOException {
        TinyTokenizers.bert(folder, "{'chat_template':'a'}");
        Path more = Files.createDirectory(folder.resolve("additional_chat_templates"));
        Files.writeString(more.resolve("rag.jinja"), "b\r\n");
        Files.writeString(more.resolve("notes.txt"), "no template");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThatThrownBy(() -> tokenizer.applyChatTemplate(QUESTION, GenerationPrompt.OMIT))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("choose one of rag with chatTemplate(name)");
        }
        Files.writeString(folder.resolve("chat_template.jinja"), "c");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.chatTemplate().orElseThrow().render(QUESTION, GenerationPrompt.OMIT))
                    .isEqualTo("c");
            assertThat(tokenizer.chatTemplate("rag").orElseThrow().render(QUESTION, GenerationPrompt.OMIT))
                    .isEqualTo("b");
            tokenizer.savePretrained(copy);
        }
        for (String name :
                List.of("tokenizer_config.json", "chat_template.jinja", "additional_chat_templates/rag.jinja")) {
            assertThat(copy.resolve(name)).hasSameBinaryContentAs(folder.resolve(name));
        }
    }

    private static String render(String template, List<ChatMessage> messages, GenerationPrompt generationPrompt) {
        return new JinjaChatTemplate(template, Path.of("some file"), Map.of()).render(messages, generationPrompt);
    }
}
