package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeTokenizerTest {
    @TempDir
    private Path folder;

    @Test
    void theLibraryIsToldToStayOffline() {
        AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder)).close();
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
    }

    @Test
    void threadsShareOneTokenizer() {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            List<String> texts =
                    IntStream.range(0, 2000).mapToObj(i -> "春天 the cat " + i).toList();
            List<String> read = texts.parallelStream()
                    .map(text -> tokenizer.decode(tokenizer.encode(text), SpecialTokens.KEEP))
                    .toList();
            assertThat(read).isEqualTo(texts);
        }
    }

    @Test
    void batchesGiveTheIdsOfSingleTexts() {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            List<String> texts = List.of("春天", "", "the hat <|im_end|>");
            BatchEncoding batch = tokenizer.encode(texts, Padding.DO_NOT_PAD, Truncation.none());
            assertThat(batch.columns().get("input_ids"))
                    .containsExactly(texts.stream().map(tokenizer::encode).toArray(int[][]::new));
            assertThat(Arrays.stream(batch.columns().get("attention_mask").get(0))
                            .boxed())
                    .containsOnly(1);
        }
    }
}
