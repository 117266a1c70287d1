package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Expected ids: transformers 5.17 for the same files. */
class TokenizerTest {
    @TempDir
    private Path folder;

    private Tokenizer tokenizer;

    @BeforeEach
    void open() throws IOException {
        tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.bert(folder, "{'tokenizer_class':'BertTokenizer'}"));
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void truncationWrittenInTheFileIsNotApplied() {
        assertThat(tokenizer.encode("Hello worlds.")).containsExactly(2, 5, 6, 7, 11, 3);
        assertThat(tokenizer.encodeWithoutSpecialTokens("Hello worlds.")).containsExactly(5, 6, 7, 11);
    }

    @Test
    void appliesTheChatTemplateWithoutAddingOtherTokens(@TempDir Path chat) {
        try (Tokenizer chatTokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(chat))) {
            int[] ids = chatTokenizer.applyChatTemplate(List.of(ChatMessage.user("花?")), GenerationPrompt.ADD);
            assertThat(chatTokenizer.decode(ids, SpecialTokens.KEEP))
                    .isEqualTo("<|im_start|>user\n花?<|im_end|>\n<|im_start|>assistant\n");
            assertThat(ids).startsWith(chatTokenizer.tokenToId("<|im_start|>").getAsInt());
        }
    }

    @Test
    void refusesAConversationWithoutATemplate() {
        assertThatThrownBy(() -> tokenizer.applyChatTemplate(List.of(ChatMessage.user("hello")), GenerationPrompt.ADD))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("has no chat template");
    }

    @Test
    void aTokenizerAtRestIsOpenedByWhatNeedsIt() {
        int[] ids = tokenizer.encode("Hello worlds.");
        tokenizer.rest();
        tokenizer.rest();
        assertThat(tokenizer.padTokenId()).hasValue(0);
        tokenizer.rest();
        List<int[]> encoded = IntStream.range(0, 32)
                .parallel()
                .mapToObj(i -> tokenizer.encode("Hello worlds."))
                .toList();
        assertThat(encoded).hasSize(32).allSatisfy(again -> assertThat(again).isEqualTo(ids));
    }

    @Test
    void aTokenizerAtRestCanBeSavedAndClosed(@TempDir Path saved) {
        tokenizer.rest();
        tokenizer.savePretrained(saved);
        assertThat(saved.resolve("tokenizer.json")).exists();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("hello")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void padsOnTheLeft() {
        BatchEncoding batch =
                tokenizer.encode(List.of("Hello worlds.", "你好"), Padding.LONGEST, Truncation.none(), Side.LEFT);
        assertThat(batch.columns()).containsOnlyKeys("input_ids", "token_type_ids", "attention_mask");
        assertThat(batch.columns().get("input_ids"))
                .containsExactly(new int[] {2, 5, 6, 7, 11, 3}, new int[] {0, 0, 2, 8, 9, 3});
        assertThat(batch.columns().get("attention_mask"))
                .containsExactly(new int[] {1, 1, 1, 1, 1, 1}, new int[] {0, 0, 1, 1, 1, 1});
        assertThat(batch.truncatedRows()).isZero();
    }

    @Test
    void padsToTheMaximumLengthOnTheRight() {
        BatchEncoding batch = tokenizer.encode(List.of("你好"), Padding.MAX_LENGTH, Truncation.to(6));
        assertThat(batch.columns().get("input_ids")).containsExactly(new int[] {2, 8, 9, 3, 0, 0});
        assertThat(batch.columns().get("attention_mask")).containsExactly(new int[] {1, 1, 1, 1, 0, 0});
    }

    @Test
    void configurationNamesTheSides() throws IOException {
        TinyTokenizers.bert(
                folder, "{'tokenizer_class':'BertTokenizer','padding_side':'left','truncation_side':'left'}");
        try (Tokenizer left = AutoTokenizer.fromPretrained(folder)) {
            BatchEncoding batch = left.encode(List.of("a b c", "你"), Padding.LONGEST, Truncation.to(4));
            assertThat(batch.columns().get("input_ids"))
                    .containsExactly(new int[] {2, 14, 15, 3}, new int[] {0, 2, 8, 3});
        }
    }

    @Test
    void truncatesThePairsLongerTextFirst() {
        BatchEncoding batch = tokenizer.encode(
                List.of("hello a b c", "a"),
                List.of("world b c a b c", "a b c . ! a b"),
                Padding.DO_NOT_PAD,
                Truncation.to(9));
        assertThat(batch.columns().get("input_ids"))
                .containsExactly(
                        new int[] {2, 5, 13, 14, 3, 6, 14, 15, 3}, new int[] {2, 13, 3, 13, 14, 15, 11, 12, 3});
        assertThat(batch.columns().get("token_type_ids"))
                .containsExactly(new int[] {0, 0, 0, 0, 0, 1, 1, 1, 1}, new int[] {0, 0, 0, 1, 1, 1, 1, 1, 1});
        assertThat(batch.truncatedRows()).isEqualTo(2);
        assertThat(batch.truncatedTokens()).isEqualTo(6);
    }

    @Test
    void wrongRequestsAreNamed() {
        assertThatThrownBy(() -> tokenizer.encode(List.of("a"), Padding.MAX_LENGTH, Truncation.none()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Truncation.to(maxLength)");
        assertThatThrownBy(() -> tokenizer.encode(List.of("a b"), Padding.DO_NOT_PAD, Truncation.to(1)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no room for the 2 special tokens");
        assertThatThrownBy(() -> tokenizer.encode(List.of("a"), List.of(), Padding.DO_NOT_PAD, Truncation.none()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("1 texts and 0 second texts");
        assertThatThrownBy(() -> Truncation.to(0)).isInstanceOf(UsageException.class);
    }

    @Test
    void paddingNeedsAPadToken() throws IOException {
        TinyTokenizers.bert(folder, "{'tokenizer_class':'BertTokenizer','pad_token':null}");
        try (Tokenizer without = AutoTokenizer.fromPretrained(folder)) {
            assertThat(without.padTokenId()).isEmpty();
            assertThatThrownBy(() -> without.encode(List.of("a"), Padding.LONGEST, Truncation.none()))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("no pad_token");
        }
    }

    @Test
    void halfASurrogatePairIsRefused() {
        assertThat(tokenizer.encodeWithoutSpecialTokens("a \uD83D\uDE00")).containsExactly(13, 1);
        assertThatThrownBy(() -> tokenizer.encode("a\uD83D b"))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("half a surrogate pair at position 1");
    }

    @Test
    void decodes() {
        int[] ids = tokenizer.encode("Hello worlds.");
        assertThat(tokenizer.decode(ids, SpecialTokens.KEEP)).isEqualTo("[CLS] hello worlds. [SEP]");
        assertThat(tokenizer.decode(ids, SpecialTokens.SKIP)).isEqualTo("hello worlds.");
        assertThat(tokenizer.decode(new int[] {5, 99}, SpecialTokens.KEEP)).isEqualTo("hello");
        assertThatThrownBy(() -> tokenizer.decode(new int[] {5, -100}, SpecialTokens.KEEP))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("-100");
    }

    @Test
    void looksUpTokens() {
        assertThat(tokenizer.vocabSize()).isEqualTo(16);
        assertThat(tokenizer.tokenToId("##s")).isEqualTo(OptionalInt.of(7));
        assertThat(tokenizer.tokenToId("nothing")).isEmpty();
        assertThat(tokenizer.idToToken(7)).contains("##s");
        assertThat(tokenizer.idToToken(16)).isEmpty();
        assertThat(tokenizer.unkTokenId()).isEqualTo(OptionalInt.of(1));
        assertThat(tokenizer.bosTokenId()).isEmpty();
        assertThat(tokenizer.chatTemplate()).isEmpty();
    }

    @Test
    void savesEveryFileByteForByte(@TempDir Path target) throws IOException {
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n");
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ x }}\n");
        Files.writeString(target.resolve("tokenizer.json"), "old");
        try (Tokenizer loaded = AutoTokenizer.fromPretrained(folder)) {
            loaded.savePretrained(target);
        }
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "vocab.txt", "chat_template.jinja")) {
            assertThat(target.resolve(name)).hasSameBinaryContentAs(folder.resolve(name));
        }
        assertThat(target).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void aClosedTokenizerRefusesToWork() {
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("a")).isInstanceOf(IllegalStateException.class);
    }
}
