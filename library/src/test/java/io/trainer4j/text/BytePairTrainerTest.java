package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Expected numbers: tokenizers 0.23.2, {@code BpeTrainer(vocab_size=n - 3, min_frequency=m,
 * initial_alphabet=ByteLevel.alphabet())} on the same texts with Qwen2's normalizer and pre-tokenizer.
 */
class BytePairTrainerTest {
    private static final List<String> TEXTS = List.of(
            "春天来了，花开了。春天走了，花谢了。",
            "The cat's hat, the cat's mat; 12 hats.",
            "aaaa aaa aa a aaaaaaa",
            "cafe\u0301 café  \n\n  x");

    @Test
    void mergesEqualPython() {
        assertThat(merges(new BytePairTrainer(299, 2).train(TEXTS)))
                .isEqualTo(
                        "a a | a t | º Ĩ | ä ºĨ | Ġ c | Ġ aa | ' s | a f | h e | h at | ¤ © | ¥ å | ¼ Į | Ã © | ã Ģ |"
                                + " æ ĺ | è Ĭ | ï ¼Į | Ġ hat | aa aa | Ġc at | af Ã© | ¥å ¤© | ãĢ Ĥ | æĺ ¥å¤© | èĬ ± | ï¼Į èĬ±");
    }

    @Test
    void rarePairsAreNotMerged() {
        TrainedTokenizer trained = new BytePairTrainer(1000, 3).train(TEXTS);
        assertThat(merges(trained)).isEqualTo("a a | a t | º Ĩ | ä ºĨ | Ġ c | Ġ aa");
        assertThat(trained.vocabSize()).isEqualTo(262 + 3);
    }

    @Test
    void everythingThatCanBeMergedIs() {
        TrainedTokenizer trained = new BytePairTrainer(1000, 1).train(TEXTS);
        assertThat(crc32(merges(trained).replace(" | ", "\n"))).isEqualTo(2336040295L);
        assertThat(crc32(String.join("\n", model(trained).path("vocab").propertyNames())))
                .isEqualTo(1475373581L);
    }

    @Test
    void stopsAtTheVocabularySize() {
        TrainedTokenizer trained = new BytePairTrainer(263, 1).train(TEXTS);
        assertThat(trained.vocabSize()).isEqualTo(263);
        assertThat(merges(trained)).isEqualTo("a a | a t | º Ĩ | ä ºĨ");
    }

    @Test
    void specialTokensComeLast(@TempDir Path folder) {
        new BytePairTrainer(270, 1).train(TEXTS).savePretrained(folder);
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.vocabSize()).isEqualTo(270);
            assertThat(tokenizer.padTokenId()).isEqualTo(OptionalInt.of(267));
            assertThat(tokenizer.tokenToId("<|im_start|>")).isEqualTo(OptionalInt.of(268));
            assertThat(tokenizer.eosTokenId()).isEqualTo(OptionalInt.of(269));
            assertThat(tokenizer.bosTokenId()).isEmpty();
            assertThat(tokenizer.unkTokenId()).isEmpty();
            assertThat(tokenizer
                            .chatTemplate()
                            .orElseThrow()
                            .render(List.of(ChatMessage.user("a")), GenerationPrompt.OMIT))
                    .isEqualTo("<|im_start|>user\na<|im_end|>\n");
        }
    }

    @Test
    void theTrainedTokenizerReadsAndWritesAnyText(@TempDir Path folder) {
        new BytePairTrainer(300, 1).train(TEXTS).savePretrained(folder);
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            String text = " 春天 \r\n\t're 😀 <|im_start|>x";
            int[] ids = tokenizer.encode(text);
            assertThat(tokenizer.decode(ids, SpecialTokens.KEEP)).isEqualTo(text);
            assertThat(ids).contains(tokenizer.tokenToId("<|im_start|>").orElseThrow());
            assertThat(tokenizer.encode("cafe\u0301")).isEqualTo(tokenizer.encode("café"));
        }
    }

    @Test
    void filesAreReadLineByLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "ab\n\nab\n\n  b");
        TrainedTokenizer lines = new BytePairTrainer(300, 1).train(List.of("ab\n", "\n", "ab\n", "\n", "  b"));
        assertThat(new BytePairTrainer(300, 1).trainFiles(List.of(file)).tokenizerJson())
                .isEqualTo(lines.tokenizerJson())
                .isNotEqualTo(new BytePairTrainer(300, 1)
                        .train(List.of("ab\n\nab\n\n  b"))
                        .tokenizerJson());
    }

    @Test
    void wrongRequestsAreNamed(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> new BytePairTrainer(258, 2))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("at least 259");
        assertThatThrownBy(() -> new BytePairTrainer(300, 0)).isInstanceOf(UsageException.class);
        Path file = Files.write(folder.resolve("gb.txt"), "春天".getBytes("GB18030"));
        assertThatThrownBy(() -> new BytePairTrainer(300, 1).trainFiles(List.of(file)))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("gb.txt is not UTF-8");
    }

    private static JsonNode model(TrainedTokenizer trained) {
        return JsonMapper.shared().readTree(trained.tokenizerJson()).path("model");
    }

    private static String merges(TrainedTokenizer trained) {
        return String.join(
                " | ",
                model(trained).path("merges").values().stream()
                        .map(pair ->
                                pair.path(0).asString() + " " + pair.path(1).asString())
                        .toList());
    }

    private static long crc32(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }
}
