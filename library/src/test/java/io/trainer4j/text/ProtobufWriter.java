package io.trainer4j.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the fields of a protobuf message. */
final class ProtobufWriter {
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    ProtobufWriter integer(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    ProtobufWriter floatValue(int field, float value) {
        varint(field << 3 | 5);
        message.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array());
        return this;
    }

    ProtobufWriter fixed64(int field, long value) {
        varint(field << 3 | 1);
        message.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    ProtobufWriter bytes(int field, byte[] value) {
        varint(field << 3 | 2);
        varint(value.length);
        message.writeBytes(value);
        return this;
    }

    ProtobufWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtobufWriter message(int field, ProtobufWriter value) {
        return bytes(field, value.toBytes());
    }

    /** A piece of a SentencePiece model. */
    ProtobufWriter piece(String text, float score, int type) {
        return message(
                1, new ProtobufWriter().text(1, text).floatValue(2, score).integer(3, type));
    }

    byte[] toBytes() {
        return message.toByteArray();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            message.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        message.write((int) rest);
    }
}
