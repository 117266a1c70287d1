package io.trainer4j.text;

import io.trainer4j.TrainerException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads the fields of one protobuf message in order; the wire format is that of
 * protobuf.dev/programming-guides/encoding. After {@link #next()} the caller reads the value with the method of its type
 * or leaves it to {@link #skip()}.
 */
final class ProtobufReader {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private static final int LONGEST_VARINT = 10;

    private final ByteBuffer message;
    private final Path file;
    private int wireType;

    /**
     * Starts at the first field.
     *
     * @param message the message and nothing else
     * @param file where it comes from, for messages
     */
    ProtobufReader(ByteBuffer message, Path file) {
        this.message = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.file = file;
    }

    /** The number of the next field; 0 at the end of the message. */
    int next() {
        if (!message.hasRemaining()) {
            return 0;
        }
        long key = varint();
        wireType = (int) (key & 7);
        long number = key >>> 3;
        if (number < 1 || number > 0x1FFFFFFF) {
            throw broken("a field has the number " + number);
        }
        return (int) number;
    }

    /** An integer, an enumeration or a truth value. */
    long integer() {
        expect(VARINT);
        return varint();
    }

    boolean flag() {
        return integer() != 0;
    }

    float floatValue() {
        expect(FIXED_32);
        try {
            return message.getFloat();
        } catch (BufferUnderflowException e) {
            throw cutOff(e);
        }
    }

    /** The content of a field that tells its length. */
    ByteBuffer content() {
        expect(LENGTH_DELIMITED);
        long length = varint();
        if (length < 0 || length > message.remaining()) {
            throw broken("a field of " + Long.toUnsignedString(length) + " bytes has " + message.remaining() + " left");
        }
        ByteBuffer content = message.slice(message.position(), (int) length);
        message.position(message.position() + (int) length);
        return content;
    }

    byte[] bytes() {
        ByteBuffer content = content();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    String text() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(content()).toString();
        } catch (CharacterCodingException e) {
            throw new TrainerException(file + " holds a text that is not UTF-8; copy the file again.", e);
        }
    }

    ProtobufReader message() {
        return new ProtobufReader(content(), file);
    }

    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case LENGTH_DELIMITED -> content();
            case FIXED_32 -> advance(Integer.BYTES);
            case FIXED_64 -> advance(Long.BYTES);
            default -> throw broken("a field has the unknown wire type " + wireType);
        }
    }

    private void advance(int bytes) {
        if (bytes > message.remaining()) {
            throw broken("a field of " + bytes + " bytes has " + message.remaining() + " left");
        }
        message.position(message.position() + bytes);
    }

    private void expect(int expected) {
        if (wireType != expected) {
            throw broken("a field has the wire type " + wireType + " instead of " + expected);
        }
    }

    private long varint() {
        long value = 0;
        try {
            for (int i = 0; i < LONGEST_VARINT; i++) {
                byte next = message.get();
                value |= (long) (next & 0x7F) << (7 * i);
                if (next >= 0) {
                    return value;
                }
            }
        } catch (BufferUnderflowException e) {
            throw cutOff(e);
        }
        throw broken("a number has more than " + LONGEST_VARINT + " bytes");
    }

    private TrainerException cutOff(BufferUnderflowException cause) {
        return new TrainerException(file + " is cut off in the middle of a number; copy the file again.", cause);
    }

    private TrainerException broken(String what) {
        return new TrainerException(file + " is no complete SentencePiece model: " + what + "; copy the file again.");
    }
}
