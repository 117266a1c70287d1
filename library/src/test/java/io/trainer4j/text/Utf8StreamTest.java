package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8StreamTest {
    /** Expected counts: Python's {@code bytes.fromhex(h).decode("utf-8", "replace")}. */
    @ParameterizedTest
    @CsvSource({
        "c080, 2",
        "e080af, 3",
        "eda080, 3",
        "f0808080, 4",
        "f09f98, 0",
        "f09f9841, 1",
        "f4908080, 4",
        "f5808080, 4",
        "e4b8e4b8ad, 1",
        "fe, 1",
        "80, 1"
    })
    void brokenCharactersCountAsInPython(String hex, int replacements) {
        String text = new Utf8Stream().decode(HexFormat.of().parseHex(hex));
        assertThat(text.chars().filter(character -> character == 0xFFFD)).hasSize(replacements);
    }

    @Test
    void bytesThatComeOneByOneMakeUpCharacters() {
        String text = "a\u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\uD800\uDC00\uDBFF\uDFFF";
        Utf8Stream stream = new Utf8Stream();
        StringBuilder decoded = new StringBuilder();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            decoded.append(stream.decode(new byte[] {value}));
        }
        assertThat(decoded).hasToString(text);
    }
}
