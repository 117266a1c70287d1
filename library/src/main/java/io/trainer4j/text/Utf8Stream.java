package io.trainer4j.text;

/**
 * Decodes UTF-8 byte by byte, in the way of the WHATWG Encoding standard and of Rust: one U+FFFD for every longest start
 * of a character that breaks off. Java's own decoder counts some of them differently.
 */
final class Utf8Stream {
    private static final char REPLACEMENT = '\uFFFD';

    private int codePoint;
    private int bytesNeeded;
    private int smallestNext;
    private int largestNext;

    /** The text that these bytes complete; an unfinished character waits for the next bytes. */
    String decode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte value : bytes) {
            take(Byte.toUnsignedInt(value), text);
        }
        return text.toString();
    }

    private void take(int value, StringBuilder text) {
        if (bytesNeeded == 0) {
            start(value, text);
        } else if (value < smallestNext || value > largestNext) {
            text.append(REPLACEMENT);
            start(value, text);
        } else {
            expect(bytesNeeded - 1, (codePoint << 6) | (value & 0x3F));
            if (bytesNeeded == 0) {
                text.appendCodePoint(codePoint);
            }
        }
    }

    private void start(int value, StringBuilder text) {
        bytesNeeded = 0;
        if (value < 0x80) {
            text.append((char) value);
        } else if (value >= 0xC2 && value < 0xE0) {
            expect(1, value & 0x1F);
        } else if (value >= 0xE0 && value < 0xF0) {
            expect(2, value & 0x0F);
            // Not longer than necessary, and no halves of surrogate pairs.
            smallestNext = value == 0xE0 ? 0xA0 : 0x80;
            largestNext = value == 0xED ? 0x9F : 0xBF;
        } else if (value >= 0xF0 && value < 0xF5) {
            expect(3, value & 0x07);
            // Not longer than necessary, and not beyond U+10FFFF.
            smallestNext = value == 0xF0 ? 0x90 : 0x80;
            largestNext = value == 0xF4 ? 0x8F : 0xBF;
        } else {
            text.append(REPLACEMENT);
        }
    }

    private void expect(int bytes, int bitsSoFar) {
        bytesNeeded = bytes;
        codePoint = bitsSoFar;
        smallestNext = 0x80;
        largestNext = 0xBF;
    }
}
