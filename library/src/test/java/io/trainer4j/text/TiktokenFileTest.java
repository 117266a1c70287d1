package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TiktokenFileTest {
    @TempDir
    private Path folder;

    @Test
    void lowerRanksJoinFirst() throws IOException {
        ranks("ab", "bc", "abc", " a", " abc");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.vocabSize()).isEqualTo(261);
            assertThat(tokenizer.encode("abc")).containsExactly(258);
            assertThat(tokenizer.encode("abbc")).containsExactly(256, 257);
            assertThat(tokenizer.encode(" abc ab")).containsExactly(260, 32, 256);
            assertThat(tokenizer.encode("é")).containsExactly(0xC3, 0xA9);
            assertThat(tokenizer.decode(new int[] {260, 0xC3, 0xA9}, SpecialTokens.SKIP))
                    .isEqualTo(" abcé");
            assertThat(tokenizer.eosTokenId()).isEmpty();
        }
    }

    @Test
    void aTokenIsTakenWholeEvenWhereNoMergeLeadsToIt() throws IOException {
        ranks("xyz");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder)) {
            assertThat(tokenizer.encode("xyz")).containsExactly(256);
            assertThat(tokenizer.encode("xyzx")).containsExactly('x', 'y', 'z', 'x');
        }
    }

    @Test
    void tellsItsFormFromThatOfSentencePiece() {
        assertThat(TiktokenFile.isTiktoken("IQ== 0\r\nIg== 1".getBytes(StandardCharsets.US_ASCII)))
                .isTrue();
        assertThat(TiktokenFile.isTiktoken(new ProtobufWriter().piece("a", 0, 1).toBytes()))
                .isFalse();
        assertThat(TiktokenFile.isTiktoken(new byte[0])).isFalse();
    }

    private void ranks(String... more) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            lines.add(line(new byte[] {(byte) value}, value));
        }
        for (String token : more) {
            lines.add(line(token.getBytes(StandardCharsets.UTF_8), lines.size()));
        }
        Files.write(folder.resolve("tokenizer.model"), lines);
    }

    private static String line(byte[] token, int rank) {
        return Base64.getEncoder().encodeToString(token) + " " + rank;
    }
}
