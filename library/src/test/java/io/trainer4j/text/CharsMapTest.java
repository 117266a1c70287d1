package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CharsMapTest {
    private static final Path FILE = Path.of("spiece.model");

    /** The unit of the byte 'a': it has a replacement, whose place stands at 'a' ^ 1. */
    private static final int UNIT_OF_A = 'a' | (1 << 8) | (1 << 10);

    @Test
    void acceptsRulesThatStayWithin() {
        assertThatCode(() -> CharsMap.check(none(), FILE)).doesNotThrowAnyException();
        assertThatCode(() -> CharsMap.check(rules(UNIT_OF_A, 2), FILE)).doesNotThrowAnyException();
    }

    @Test
    void refusesRulesThatLeadOutOfBounds() {
        refuses(rules('a' | (1 << 8) | (300 << 10), 0), "out of bounds");
        refuses(rules('a' | (300 << 10), 0), "out of bounds");
        refuses(rules(UNIT_OF_A, 100), "out of bounds");
    }

    @Test
    void refusesAReplacementThatStartsInsideACharacter() {
        refuses(rules(UNIT_OF_A, 1), "out of bounds");
    }

    @Test
    void refusesRulesThatAreCutOff() {
        refuses(Arrays.copyOf(none(), 3), "out of bounds");
        refuses(Arrays.copyOf(none(), 500), "out of bounds");
    }

    @Test
    void refusesReplacementsThatAreNoText() {
        byte[] rules = Arrays.copyOf(none(), none().length + 1);
        rules[rules.length - 1] = (byte) 0xFF;
        refuses(rules, "not UTF-8");
    }

    /** Rules that replace nothing. */
    static byte[] none() {
        return ByteBuffer.allocate(Integer.BYTES + 256 * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 256 * Integer.BYTES)
                .array();
    }

    private static byte[] rules(int unitOfA, int replacement) {
        byte[] replacements = "é\0".getBytes(StandardCharsets.UTF_8);
        byte[] rules = Arrays.copyOf(none(), none().length + replacements.length);
        System.arraycopy(replacements, 0, rules, none().length, replacements.length);
        ByteBuffer.wrap(rules)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Integer.BYTES * (1 + 'a'), unitOfA)
                .putInt(Integer.BYTES * (1 + ('a' ^ 1)), replacement);
        return rules;
    }

    private static void refuses(byte[] rules, String message) {
        assertThatThrownBy(() -> CharsMap.check(rules, FILE))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining(message);
    }
}
