package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionEncoderTest {
    @TempDir
    private Path folder;

    private Tokenizer tokenizer;

    @BeforeEach
    void open() {
        tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder));
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void chatTrainsOnTheAnswerAndItsEnd() {
        TrainingExample example = encoder(PromptStyle.AUTO, 100).encode("花?", "春天");
        assertThat(text(example.inputIds()))
                .isEqualTo("<|im_start|>user\n花?<|im_end|>\n<|im_start|>assistant\n春天<|im_end|>\n");
        assertThat(text(targets(example))).isEqualTo("春天<|im_end|>\n");
        assertThat(example.labels()).hasSameSizeAs(example.inputIds()).startsWith(-100, -100);
        assertThat(example.truncatedTokens()).isZero();
    }

    /** TRL's labels are then the tokens themselves (build_labels in trl/trainer/sft_trainer.py). */
    @Test
    void thePromptIsTrainedTooWhereItIsAskedFor() {
        for (PromptStyle style : List.of(PromptStyle.CHAT, PromptStyle.TEXT)) {
            CompletionEncoder completions = encoder(style, 20);
            CompletionEncoder both = completions.completionOnlyLoss(false);
            TrainingExample example = both.encode("花?", "春天");
            assertThat(example.inputIds())
                    .isEqualTo(completions.encode("花?", "春天").inputIds());
            assertThat(example.labels()).isEqualTo(example.inputIds());
            assertThat(both.completionOnlyLoss(true).encode("花?", "春天").labels())
                    .isEqualTo(completions.encode("花?", "春天").labels());
            assertThat(encoder(style, 2)
                            .completionOnlyLoss(false)
                            .encode("花?", "春天")
                            .hasTarget())
                    .isTrue();
        }
    }

    @Test
    void textEndsWithOneEndOfText() {
        CompletionEncoder encoder = encoder(PromptStyle.TEXT, 100);
        assertThat(text(targets(encoder.encode("花? ", "春天")))).isEqualTo("春天<|im_end|>");
        assertThat(text(targets(encoder.encode("花? ", "春天<|im_end|>")))).isEqualTo("春天<|im_end|>");
    }

    @Test
    void theEndIsTrainedEvenWhereItPadsToo() throws IOException {
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(
                config, Files.readString(config).replaceAll("(\"pad_token\" : )\"[^\"]*\"", "$1\"<|im_end|>\""));
        try (Tokenizer padsWithEnd = AutoTokenizer.fromPretrained(folder)) {
            int end = padsWithEnd.eosTokenId().getAsInt();
            assertThat(padsWithEnd.padTokenId()).hasValue(end);
            for (PromptStyle style : List.of(PromptStyle.CHAT, PromptStyle.TEXT)) {
                TrainingExample example =
                        CompletionEncoder.of(padsWithEnd, style, 100).encode("花?", "春天");
                assertThat(targets(example)).contains(end);
            }
        }
    }

    @Test
    void whatTheBoundaryChangesIsNoPrompt() {
        assertThat(tokenizer.encode("ab")).hasSize(1);
        TrainingExample example = encoder(PromptStyle.TEXT, 100).encode(";a", "b");
        assertThat(text(targets(example))).isEqualTo("ab<|im_end|>");
    }

    @Test
    void keepsTheStart() {
        TrainingExample whole = encoder(PromptStyle.CHAT, 100).encode("花?", "春天");
        int length = whole.inputIds().length;
        TrainingExample cut = encoder(PromptStyle.CHAT, length - 2).encode("花?", "春天");
        assertThat(cut.inputIds()).containsExactly(Arrays.copyOf(whole.inputIds(), length - 2));
        assertThat(cut.truncatedTokens()).isEqualTo(2);
        assertThat(cut.hasTarget()).isTrue();
        assertThat(encoder(PromptStyle.CHAT, 3).encode("花?", "春天").hasTarget()).isFalse();
    }

    @Test
    void batchesAreColumns() {
        TrainingExamples examples = encoder(PromptStyle.TEXT, 9).encode(List.of("a", "花"), List.of("b", "c"));
        assertThat(examples.columns()).containsOnlyKeys("input_ids", "labels");
        assertThat(examples.columns().get("labels"))
                .containsExactly(
                        examples.rows().get(0).labels(), examples.rows().get(1).labels());
        assertThat(examples.columns().get("input_ids").get(1))
                .isEqualTo(examples.rows().get(1).inputIds());
    }

    @Test
    void wrongRequestsAreNamed() throws IOException {
        assertThatThrownBy(() -> encoder(PromptStyle.TEXT, 0)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> encoder(PromptStyle.TEXT, 9).encode(List.of("a"), List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("1 prompts and 0 completions");
        TinyTokenizers.bert(folder, "{'tokenizer_class':'BertTokenizer'}");
        try (Tokenizer bert = AutoTokenizer.fromPretrained(folder)) {
            assertThatThrownBy(() -> CompletionEncoder.of(bert, PromptStyle.CHAT, 9))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("no chat template");
            assertThatThrownBy(() -> CompletionEncoder.of(bert, PromptStyle.AUTO, 9))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("no eos_token");
        }
    }

    private CompletionEncoder encoder(PromptStyle style, int maxLength) {
        return CompletionEncoder.of(tokenizer, style, maxLength);
    }

    private String text(int[] ids) {
        return tokenizer.decode(ids, SpecialTokens.KEEP);
    }

    private static int[] targets(TrainingExample example) {
        return Arrays.stream(example.labels()).filter(label -> label >= 0).toArray();
    }
}
