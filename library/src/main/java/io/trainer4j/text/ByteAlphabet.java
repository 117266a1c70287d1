package io.trainer4j.text;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * The 256 printable characters that stand for bytes in byte-level vocabularies: {@code bytes_to_unicode} of GPT-2. A byte
 * that is printable in Latin-1 stands for itself, the others follow from U+0100 on in order.
 */
final class ByteAlphabet {
    private static final int FIRST_SUBSTITUTE = 0x100;
    private static final char[] CHARACTERS = characters();
    private static final int[] BYTES = inverse();

    private ByteAlphabet() {}

    static char character(int unsignedByte) {
        return CHARACTERS[unsignedByte];
    }

    /** The bytes a token spells; a token with any other character, such as an added one, spells its own UTF-8. */
    static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            char character = token.charAt(i);
            if (character >= BYTES.length || BYTES[character] < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) BYTES[character];
        }
        return bytes;
    }

    private static char[] characters() {
        char[] characters = new char[256];
        int substitutes = 0;
        for (int value = 0; value < characters.length; value++) {
            characters[value] = (char) (isPrintable(value) ? value : FIRST_SUBSTITUTE + substitutes++);
        }
        return characters;
    }

    private static boolean isPrintable(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || (value >= 0xAE && value <= 0xFF);
    }

    private static int[] inverse() {
        int[] inverse = IntStream.generate(() -> -1).limit(FIRST_SUBSTITUTE * 2).toArray();
        for (int value = 0; value < CHARACTERS.length; value++) {
            inverse[CHARACTERS[value]] = value;
        }
        return inverse;
    }
}
