package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a row's prompt ends and what is trained of it, at the edges of what users give. */
class PromptBoundaryTest {
    @TempDir
    private Path folder;

    @Test
    void aTokenBehindEveryTextIsTrainedAndIsNoPrompt() throws IOException {
        // [CLS] a b [SEP] and [CLS] a b c [MASK] [SEP] have the first three tokens in common
        Path bert = TinyTokenizers.bert(folder, "{'tokenizer_class':'BertTokenizer','eos_token':'[MASK]'}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(bert)) {
            TrainingExample example =
                    CompletionEncoder.of(tokenizer, PromptStyle.TEXT, 20).encode("a b ", "c");

            assertThat(example.inputIds()).containsExactly(2, 13, 14, 15, 4, 3);
            assertThat(example.labels()).containsExactly(-100, -100, -100, 15, 4, 3);
        }
    }

    @Test
    void aWordThatGoesOnIsTrainedFromItsBeginning() throws IOException {
        Path bert = TinyTokenizers.bert(folder, "{'tokenizer_class':'BertTokenizer','eos_token':'[SEP]'}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(bert)) {
            TrainingExample example =
                    CompletionEncoder.of(tokenizer, PromptStyle.TEXT, 20).encode("a worl", "ds");

            assertThat(example.labels()).containsExactly(-100, -100, 6, 7, 3, 3);
        }
    }

    @ParameterizedTest
    @CsvSource({"'', abab, 'abab<|im_end|>'", "abab, '', '<|im_end|>'", "'', '', '<|im_end|>'"})
    void emptyPromptsAndCompletionsLeaveTheEndAtLeast(String prompt, String completion, String trained) {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            TrainingExample example =
                    CompletionEncoder.of(tokenizer, PromptStyle.TEXT, 20).encode(prompt, completion);

            assertThat(tokenizer.decode(targets(example), SpecialTokens.KEEP)).isEqualTo(trained);
            assertThat(example.hasTarget()).isTrue();
        }
    }

    @Test
    void aRowCutAtTheEndOfItsPromptHasNothingToTrain() {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            int prompt = tokenizer.encode("q: ").length;

            TrainingExample cut =
                    CompletionEncoder.of(tokenizer, PromptStyle.TEXT, prompt).encode("q: ", "x");
            assertThat(cut.hasTarget()).isFalse();
            assertThat(cut.labels()).hasSize(prompt).containsOnly(TrainingExample.IGNORED);
            assertThat(cut.truncatedTokens()).isEqualTo(2);

            TrainingExample one = CompletionEncoder.of(tokenizer, PromptStyle.TEXT, prompt + 1)
                    .encode("q: ", "x");
            assertThat(targets(one)).containsExactly(tokenizer.encode("x"));
        }
    }

    @Test
    void theEndInsideACompletionIsTrainedAndAddedOnceMore() {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            int end = tokenizer.eosTokenId().orElseThrow();
            TrainingExample example =
                    CompletionEncoder.of(tokenizer, PromptStyle.TEXT, 20).encode("q", "<|im_end|>x");

            assertThat(Arrays.stream(example.labels()).filter(label -> label == end))
                    .hasSize(2);
            assertThat(example.labels()).endsWith(end);
        }
    }

    @Test
    void aConversationThatPadsWithItsEndTrainsTheEnd() throws IOException {
        TinyTokenizers.byteLevel(folder);
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(
                config, Files.readString(config).replaceAll("(\"pad_token\" : )\"[^\"]*\"", "$1\"<|im_end|>\""));
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}<|im_end|>"
                        + "{% endgeneration %}{% else %}{{ m.content }}<|im_end|>{% endif %}{% endfor %}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            int end = tokenizer.padTokenId().orElseThrow();
            List<ChatMessage> turns = List.of(ChatMessage.user("q"), ChatMessage.assistant("x"));

            TrainingExample whole = ConversationEncoder.of(tokenizer, 20).encode(turns);
            assertThat(whole.inputIds()).containsSequence(end).endsWith(end);
            assertThat(whole.labels()).containsExactly(-100, -100, whole.inputIds()[2], end);

            TrainingExample cut = ConversationEncoder.of(tokenizer, 3).encode(turns);
            assertThat(targets(cut)).containsExactly(whole.inputIds()[2]);
            assertThat(cut.truncatedTokens()).isEqualTo(1);
        }
    }

    @Test
    void anAnswerThatIsEmptyTrainsItsEndAlone() throws IOException {
        TinyTokenizers.byteLevel(folder);
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for m in messages %}{{ m.role }}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}"
                        + "<|im_end|>{% endgeneration %}{% endif %}{% endfor %}");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            TrainingExample example = ConversationEncoder.of(tokenizer, 99)
                    .encode(List.of(ChatMessage.user("q"), ChatMessage.assistant("")));

            assertThat(targets(example)).containsExactly(tokenizer.eosTokenId().orElseThrow());
        }
    }

    private static int[] targets(TrainingExample example) {
        return Arrays.stream(example.labels()).filter(label -> label >= 0).toArray();
    }
}
