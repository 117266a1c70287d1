package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ByteAlphabetTest {
    @Test
    void printableBytesStandForThemselves() {
        assertThat(ByteAlphabet.character('!')).isEqualTo('!');
        assertThat(ByteAlphabet.character('~')).isEqualTo('~');
        assertThat(ByteAlphabet.character(0xAE)).isEqualTo('®');
        assertThat(ByteAlphabet.character(0xFF)).isEqualTo('ÿ');
    }

    @Test
    void theOthersFollowInOrder() {
        assertThat(ByteAlphabet.character(0)).isEqualTo('Ā');
        assertThat(ByteAlphabet.character('\n')).isEqualTo('Ċ');
        assertThat(ByteAlphabet.character(' ')).isEqualTo('Ġ');
        assertThat(ByteAlphabet.character(0x7F)).isEqualTo('ġ');
        assertThat(ByteAlphabet.character(0xA0)).isEqualTo('ł');
        assertThat(ByteAlphabet.character(0xAD)).isEqualTo('Ń');
    }

    @Test
    void everyByteComesBack() {
        StringBuilder token = new StringBuilder();
        IntStream.range(0, 256).forEach(value -> token.append(ByteAlphabet.character(value)));
        byte[] bytes = ByteAlphabet.bytes(token.toString());
        assertThat(bytes).hasSize(256);
        IntStream.range(0, 256).forEach(value -> assertThat(bytes[value]).isEqualTo((byte) value));
    }

    @Test
    void tokensWithOtherCharactersSpellThemselves() {
        assertThat(ByteAlphabet.bytes("Ġ春")).isEqualTo("Ġ春".getBytes(StandardCharsets.UTF_8));
        assertThat(ByteAlphabet.bytes("a b")).isEqualTo("a b".getBytes(StandardCharsets.UTF_8));
    }
}
