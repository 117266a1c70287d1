package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamingDecoderTest {
    @TempDir
    private Path folder;

    @Test
    void holdsBackACharacterUntilItsLastByte() {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            // U+1F600 is four bytes and in no merge.
            assertThat(pieces(tokenizer, tokenizer.encode("a😀b"), SpecialTokens.KEEP))
                    .containsExactly("a", "", "", "", "😀", "b", "");
        }
    }

    @Test
    void leavesOutAnUnfinishedCharacter() {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            int[] ids = tokenizer.encode("a😀");
            assertThat(pieces(tokenizer, Arrays.copyOf(ids, 3), SpecialTokens.KEEP))
                    .containsExactly("a", "", "", "");
        }
    }

    @Test
    void skipsOrKeepsSpecialTokens() {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            int[] ids = tokenizer.encode("a<|im_end|>");
            assertThat(pieces(tokenizer, ids, SpecialTokens.KEEP)).containsExactly("a", "<|im_end|>", "");
            assertThat(pieces(tokenizer, ids, SpecialTokens.SKIP)).containsExactly("a", "", "");
        }
    }

    @Test
    void bytesThatAreNoCharacterReadAsInDecode() {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            Random random = new Random(3);
            for (int row = 0; row < 300; row++) {
                int[] ids = random.ints(20, 0, tokenizer.vocabSize()).toArray();
                ids[19] = 0;
                assertThat(String.join("", pieces(tokenizer, ids, SpecialTokens.KEEP)))
                        .isEqualTo(tokenizer.decode(ids, SpecialTokens.KEEP));
            }
        }
    }

    @Test
    void joinsSingleBytesOfOtherTokenizers() throws IOException {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteFallback(folder))) {
            int[] ids = tokenizer.encode("hi 你😀 hi");
            assertThat(pieces(tokenizer, ids, SpecialTokens.KEEP))
                    .containsExactly("hi", " ", "", "", "你", "", "", "", "😀", " hi", "");
            assertThat(pieces(tokenizer, Arrays.copyOf(ids, 4), SpecialTokens.KEEP))
                    .containsExactly("hi", " ", "", "", "");
        }
    }

    @Test
    void endlessBrokenBytesDoNotPileUp() throws IOException {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteFallback(folder))) {
            int[] broken = new int[400];
            Arrays.fill(broken, tokenizer.tokenToId("<0xE4>").orElseThrow());
            List<String> pieces = pieces(tokenizer, broken, SpecialTokens.KEEP);
            assertThat(pieces.get(3)).isNotEmpty();
            assertThat(String.join("", pieces)).isEqualTo(tokenizer.decode(broken, SpecialTokens.KEEP));
        }
    }

    /** What every id brings, and what the end brings. */
    private static List<String> pieces(Tokenizer tokenizer, int[] ids, SpecialTokens specialTokens) {
        StreamingDecoder stream = tokenizer.streamingDecoder(specialTokens);
        List<String> pieces = new ArrayList<>();
        for (int id : ids) {
            pieces.add(stream.put(id));
        }
        pieces.add(stream.end());
        return pieces;
    }
}
