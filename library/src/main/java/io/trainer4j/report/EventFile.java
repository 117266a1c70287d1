package io.trainer4j.report;

import io.trainer4j.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: {@code Event} messages of tensorboard/compat/proto/event.proto in TFRecord frames (length and
 * content, each with its masked CRC-32C, tensorflow/core/lib/io/record_writer.cc). Every scalar is on disk at once.
 */
final class EventFile {
    private final Path file;

    EventFile(Path file) {
        this.file = file;
    }

    /** Begins the file; its first record says the version of the format. */
    void begin(double wallTime) {
        Message event = new Message();
        event.fixed64(1, wallTime);
        event.bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
        append(event);
    }

    /**
     * Adds one figure.
     *
     * @param wallTime seconds since 1970
     */
    void scalar(double wallTime, long step, String tag, double value) {
        Message entry = new Message();
        entry.bytes(1, tag.getBytes(StandardCharsets.UTF_8));
        entry.fixed32(2, (float) value);
        Message summary = new Message();
        summary.bytes(1, entry.toByteArray());
        Message event = new Message();
        event.fixed64(1, wallTime);
        event.varint(2, step);
        event.bytes(5, summary.toByteArray());
        append(event);
    }

    private void append(Message event) {
        byte[] content = event.toByteArray();
        byte[] length = littleEndian(Long.BYTES).putLong(content.length).array();
        byte[] frame = littleEndian(length.length + content.length + 2 * Integer.BYTES)
                .put(length)
                .putInt(maskedCrc(length))
                .put(content)
                .putInt(maskedCrc(content))
                .array();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, frame, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw AtomicFile.failure(file, e);
        }
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    static int maskedCrc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    /** Fields in the wire format of protocol buffers. */
    private static final class Message {
        private static final int VARINT = 0;
        private static final int FIXED64 = 1;
        private static final int LENGTH_DELIMITED = 2;
        private static final int FIXED32 = 5;

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        byte[] toByteArray() {
            return out.toByteArray();
        }

        void varint(int field, long value) {
            key(field, VARINT);
            raw(value);
        }

        void fixed64(int field, double value) {
            key(field, FIXED64);
            out.writeBytes(littleEndian(Double.BYTES).putDouble(value).array());
        }

        void fixed32(int field, float value) {
            key(field, FIXED32);
            out.writeBytes(littleEndian(Float.BYTES).putFloat(value).array());
        }

        void bytes(int field, byte[] content) {
            key(field, LENGTH_DELIMITED);
            raw(content.length);
            out.writeBytes(content);
        }

        private void key(int field, int wireType) {
            raw((long) field << 3 | wireType);
        }

        private void raw(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }
}
