package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of a row that is its prompt is found without encoding the prompt, and is what encoding it would show. */
class SharedPromptTest {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\n",
            "\n\nabab",
            "花?",
            "春天来了",
            "the cat's",
            "<|im_start|>",
            "a<|im_start|>assistant\nb",
            "<|im_end|>",
            "<|im_start|><|im_start|>x",
            "<|im_sta",
            "</s>hi",
            "😀 hi");

    @TempDir
    private Path folder;

    private static final String OPEN = "{% for m in messages %}{{ m.role }}: {{ m.content }}{% if not loop.last %} | "
            + "{% endif %}{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}";
    private static final String CLOSED = "{% for m in messages %}[{{ m.content }}]</s>{% endfor %}";
    private static final String OTHER_AT_LAST = "{% for m in messages %}<|im_start|>{{ m.role }}{{ messages | length }}"
            + "\n{{ m.content }}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant{% endif %}";
    private static final String NOTHING_BEHIND = "{% for m in messages %}{{ m.content }}<|im_start|>{% endfor %}";

    @Test
    void byteLevelRowsAreThoseOfEncodingThePrompt() {
        check(TinyTokenizers.byteLevel(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {OPEN, CLOSED, OTHER_AT_LAST, NOTHING_BEHIND})
    void soAreRowsOfOtherTemplates(String template) throws IOException {
        TinyTokenizers.byteLevel(folder);
        Files.writeString(folder.resolve("chat_template.jinja"), template);
        check(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {OPEN, CLOSED})
    void soAreWordsThatBeginWithASpace(String template) throws IOException {
        TinyTokenizers.byteFallback(folder);
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst(
                                "\"added_tokens\" ?: ?\\[ ?\\]",
                                "\"added_tokens\":[{\"id\":2,\"content\":\"</s>\",\"single_word\":false,\"lstrip\":false,"
                                        + "\"rstrip\":false,\"normalized\":false,\"special\":true}]"));
        Files.writeString(folder.resolve("chat_template.jinja"), template);
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.markers()).containsExactly("</s>");
        }
        check(folder);
    }

    private static void check(Path folder) {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            CompletionEncoder encoder = CompletionEncoder.of(tokenizer, PromptStyle.CHAT, 10_000);
            for (String prompt : TEXTS) {
                for (String completion : TEXTS) {
                    int[] alone = tokenizer.applyChatTemplate(List.of(ChatMessage.user(prompt)), GenerationPrompt.ADD);
                    int[] whole = tokenizer.applyChatTemplate(
                            List.of(ChatMessage.user(prompt), ChatMessage.assistant(completion)),
                            GenerationPrompt.OMIT);
                    TrainingExample row = encoder.encode(prompt, completion);
                    assertThat(row.inputIds()).isEqualTo(whole);
                    int[] labels = row.labels();
                    int promptLength = (int) IntStream.range(0, labels.length)
                            .takeWhile(i -> labels[i] == TrainingExample.IGNORED)
                            .count();
                    assertThat(promptLength)
                            .as("%s|%s", prompt, completion)
                            .isEqualTo(PromptBoundary.common(alone, whole));
                }
            }
        }
    }

    @Test
    void whatIsBeforeTheLastMarkerIsNotEncodedAgain() {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            String prompt = "<|im_start|>user\n花?<|im_end|>\n<|im_start|>assistant\n";
            String whole = prompt + "春天<|im_end|>\n";
            int[] ids = tokenizer.encodeWithoutSpecialTokens(whole);
            ids[2] = 0; // encoding the prompt would show another token
            assertThat(new PromptBoundary(tokenizer).of(prompt, whole, ids))
                    .isEqualTo(tokenizer.encodeWithoutSpecialTokens(prompt).length);
        }
    }

    @Test
    void markersAreTokensThatTouchNothingAroundThem() throws IOException {
        TinyTokenizers.byteLevel(folder);
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.markers()).containsExactly("<|endoftext|>", "<|im_start|>", "<|im_end|>");
        }
        Path file = folder.resolve("tokenizer.json");
        String json = Files.readString(file);
        for (String flag : List.of("normalized", "single_word", "lstrip", "rstrip")) {
            Files.writeString(file, json.replaceAll("(\"" + flag + "\" ?: ?)false", "$1true"));
            try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
                assertThat(tokenizer.markers()).as(flag).isEmpty();
            }
        }
    }

    @Test
    void severalThreadsMakeTheRowsOfOne() {
        List<String> prompts = new ArrayList<>();
        List<String> completions = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            prompts.add(TEXTS.get(i % TEXTS.size()) + i);
            completions.add(i + TEXTS.get(i / TEXTS.size() % TEXTS.size()));
        }
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            CompletionEncoder encoder = CompletionEncoder.of(tokenizer, PromptStyle.CHAT, 40);
            Dataset rows = Dataset.of(Map.of("q", prompts, "a", completions))
                    .map(batch -> encoder.encode(batch.strings("q"), batch.strings("a")))
                    .materialize(row -> true);
            TrainingExamples one = encoder.encode(prompts, completions);
            assertThat(rows.column("input_ids").toArray())
                    .isEqualTo(one.columns().get("input_ids").toArray());
            assertThat(rows.column("labels").toArray())
                    .isEqualTo(one.columns().get("labels").toArray());
        }
    }
}
