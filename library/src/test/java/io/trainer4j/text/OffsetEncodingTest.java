package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.text.jinja.RenderedTemplate.Span;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OffsetEncodingTest {
    /** Tokens from 0 to 2, 2 to 5, 5 to 5 (no text of its own) and 5 to 6. */
    private static final OffsetEncoding ENCODING =
            new OffsetEncoding(new int[] {7, 8, 9, 10}, new int[] {0, 2, 5, 5}, new int[] {2, 5, 5, 6});

    @ParameterizedTest
    @CsvSource({
        "0, 6, true, true, true, true",
        "0, 2, true, false, false, false",
        "2, 5, false, true, false, false",
        "1, 3, true, true, false, false",
        "4, 5, false, true, false, false",
        "5, 6, false, false, false, true",
        "3, 3, false, true, false, false",
        "6, 9, false, false, false, false"
    })
    void aTokenIsWithinWhereItSharesACharacter(
            int start, int end, boolean first, boolean second, boolean third, boolean fourth) {
        assertThat(ENCODING.within(List.of(new Span(start, end)))).containsExactly(first, second, third, fourth);
    }

    @Test
    void onePartOfSeveralIsEnough() {
        assertThat(ENCODING.within(List.of(new Span(0, 1), new Span(5, 6)))).containsExactly(true, false, false, true);
        assertThat(ENCODING.within(List.of())).containsOnly(false);
    }

    @Test
    void placesCountCharsWhereCharactersTakeTwo(@TempDir Path folder) {
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(TinyTokenizers.byteLevel(folder))) {
            String text = "a😀<|im_end|>b";
            OffsetEncoding encoding = tokenizer.encodeWithOffsets(text);

            assertThat(encoding.ids()).isEqualTo(tokenizer.encodeWithoutSpecialTokens(text));
            assertThat(encoding.starts()).containsExactly(0, 1, 1, 1, 1, 3, 13);
            assertThat(encoding.ends()).containsExactly(1, 3, 3, 3, 3, 13, 14);
        }
    }
}
