package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("conformance")
class ChatTemplateConformanceTest {
    /** Texts: {@code apply_chat_template(..., tokenize=False)} of transformers 5.17. */
    @Test
    void qwen2_5RendersAsInTransformers() throws IOException {
        Path file = SharedDir.require("golden/models/qwen2-real-vocab/chat_template.jinja");
        ChatTemplate template = new JinjaChatTemplate(Files.readString(file), file, Map.of());
        assertThat(template.render(List.of(ChatMessage.user("你好")), GenerationPrompt.ADD))
                .isEqualTo("""
                        <|im_start|>system
                        You are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>
                        <|im_start|>user
                        你好<|im_end|>
                        <|im_start|>assistant
                        """);
        assertThat(template.render(
                        List.of(
                                ChatMessage.system("s"),
                                ChatMessage.user("你好"),
                                ChatMessage.assistant("a"),
                                ChatMessage.system("s")),
                        GenerationPrompt.OMIT))
                .isEqualTo("""
                        <|im_start|>system
                        s<|im_end|>
                        <|im_start|>user
                        你好<|im_end|>
                        <|im_start|>assistant
                        a<|im_end|>
                        <|im_start|>system
                        s<|im_end|>
                        """);
    }
}
