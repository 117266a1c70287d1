package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationEncoderTest {
    private static final String TEMPLATE = "{% for message in messages %}<|im_start|>{{ message.role }}\n"
            + "{% if message.role == 'assistant' %}{% generation %}{{ message.content }}<|im_end|>{% endgeneration %}"
            + "{% else %}{{ message.content }}<|im_end|>{% endif %}{{ '\\n' }}{% endfor %}";

    private static final List<ChatMessage> MESSAGES = List.of(
            ChatMessage.system("s"),
            ChatMessage.user("花?"),
            ChatMessage.assistant("春天🤗"),
            ChatMessage.user("the 🤗?"),
            ChatMessage.assistant("hat"));

    private static final String PLAIN = "{% for m in messages %}{{ m.content }}{% endfor %}";

    @TempDir
    private Path folder;

    @Test
    void trainsOnWhatTheAssistantSaidAndItsEnd() throws IOException {
        try (Tokenizer tokenizer = open(TEMPLATE)) {
            TrainingExample example = ConversationEncoder.of(tokenizer, 500).encode(MESSAGES);
            assertThat(tokenizer.decode(example.inputIds(), SpecialTokens.KEEP))
                    .isEqualTo(tokenizer.chatTemplate().orElseThrow().render(MESSAGES, GenerationPrompt.OMIT));
            assertThat(example.inputIds()).isEqualTo(tokenizer.applyChatTemplate(MESSAGES, GenerationPrompt.OMIT));
            int[] targets =
                    Arrays.stream(example.labels()).filter(label -> label >= 0).toArray();
            assertThat(tokenizer.decode(targets, SpecialTokens.KEEP)).isEqualTo("春天🤗<|im_end|>hat<|im_end|>");
            assertThat(example.truncatedTokens()).isZero();
        }
    }

    /** Labels: {@code return_assistant_tokens_mask} of transformers 5.17 for the same files and template. */
    @Test
    @Tag("conformance")
    void labelsEqualTransformers() throws IOException {
        Path model = SharedDir.require("golden/models/qwen2-real-vocab");
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(model.resolve(file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
        List<ChatMessage> messages = List.of(
                ChatMessage.system("s"),
                ChatMessage.user("花?"),
                ChatMessage.assistant("春天🤗来了"),
                ChatMessage.user("the 🤗?"),
                ChatMessage.assistant(" hat 𠮷"));
        int[] first = {105303, 144834, 101161, 151645};
        int[] second = {8896, 220, 150152, 151645};
        int[] labels = new int[39];
        Arrays.fill(labels, TrainingExample.IGNORED);
        System.arraycopy(first, 0, labels, 16, 4);
        System.arraycopy(second, 0, labels, 34, 4);
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(ConversationEncoder.of(tokenizer, 500).encode(messages).labels())
                    .isEqualTo(labels);
        }
    }

    /** The template of tokenizers that are made here; transformers 5.17 gives the same text and assistant mask. */
    @Test
    void ownTokenizersMarkWhatTheAssistantSays() {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            TrainingExample example = ConversationEncoder.of(tokenizer, 500).encode(MESSAGES);
            assertThat(tokenizer.decode(example.inputIds(), SpecialTokens.KEEP)).isEqualTo("""
                            <|im_start|>system
                            s<|im_end|>
                            <|im_start|>user
                            花?<|im_end|>
                            <|im_start|>assistant
                            春天🤗<|im_end|>
                            <|im_start|>user
                            the 🤗?<|im_end|>
                            <|im_start|>assistant
                            hat<|im_end|>
                            """);
            int[] targets =
                    Arrays.stream(example.labels()).filter(label -> label >= 0).toArray();
            assertThat(tokenizer.decode(targets, SpecialTokens.KEEP)).isEqualTo("春天🤗<|im_end|>hat<|im_end|>");
        }
    }

    @Test
    void everyTurnIsTrainedWithAnyTemplate() throws IOException {
        try (Tokenizer tokenizer = open(PLAIN)) {
            ConversationEncoder encoder = ConversationEncoder.of(tokenizer, 9);
            assertThatThrownBy(() -> encoder.encode(MESSAGES)).hasMessageContaining("assistant_only_loss false");
            TrainingExample example = encoder.assistantOnlyLoss(false).encode(MESSAGES);
            assertThat(example.labels()).hasSize(9).isEqualTo(example.inputIds());
            assertThat(example.truncatedTokens()).isPositive();
        }
    }

    @Test
    void keepsTheStart() throws IOException {
        try (Tokenizer tokenizer = open(TEMPLATE)) {
            TrainingExample whole = ConversationEncoder.of(tokenizer, 500).encode(MESSAGES);
            TrainingExample cut = ConversationEncoder.of(tokenizer, 4).encode(MESSAGES);
            assertThat(cut.inputIds()).containsExactly(Arrays.copyOf(whole.inputIds(), 4));
            assertThat(cut.truncatedTokens()).isEqualTo(whole.inputIds().length - 4);
            assertThat(cut.hasTarget()).isFalse();
        }
    }

    @Test
    void toolsReachTheTemplate() throws IOException {
        try (Tokenizer tokenizer =
                open("{{ tools | tojson }}{% generation %}{{ messages[0].calls[0] }}{{ mood }}{% endgeneration %}")) {
            ChatTemplateInput input = new ChatTemplateInput(
                            List.of(Map.of("role", "assistant", "calls", List.of("a"))),
                            GenerationPrompt.OMIT,
                            Map.of())
                    .withTools(List.of(Map.of("name", "cat")))
                    .with("mood", "b");
            TrainingExample example = ConversationEncoder.of(tokenizer, 500).encode(input);
            assertThat(tokenizer.decode(example.inputIds(), SpecialTokens.KEEP)).isEqualTo("[{\"name\": \"cat\"}]ab");
        }
    }

    @Test
    void aTemplateWithoutGenerationBlocksIsRefused() throws IOException {
        for (String template : List.of(PLAIN, TEMPLATE.replace("'assistant'", "'nobody'"))) {
            try (Tokenizer tokenizer = open(template)) {
                assertThatThrownBy(() -> ConversationEncoder.of(tokenizer, 500).encode(MESSAGES))
                        .isInstanceOf(TrainerException.class)
                        .hasMessageContaining("{% generation %}")
                        .hasMessageContaining(folder.toString());
            }
        }
    }

    @Test
    void wrongRequestsAreNamed() throws IOException {
        try (Tokenizer tokenizer = open(TEMPLATE)) {
            assertThatThrownBy(() -> ConversationEncoder.of(tokenizer, 0)).isInstanceOf(UsageException.class);
        }
        TinyTokenizers.bert(folder, "{'tokenizer_class':'BertTokenizer'}");
        Files.delete(folder.resolve("chat_template.jinja"));
        try (Tokenizer bert = AutoTokenizer.fromPretrained(folder)) {
            assertThatThrownBy(() -> ConversationEncoder.of(bert, 9))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("no chat template");
        }
    }

    private Tokenizer open(String template) throws IOException {
        TinyTokenizers.byteLevel(folder);
        Files.writeString(folder.resolve("chat_template.jinja"), template);
        return AutoTokenizer.fromPretrained(folder);
    }
}
