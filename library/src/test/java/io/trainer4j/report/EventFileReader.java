package io.trainer4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Reads event files as TensorBoard does, checking every checksum. */
final class EventFileReader {
    record Event(double wallTime, long step, String fileVersion, String tag, float value) {}

    private EventFileReader() {}

    static List<Event> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = take(bytes, 8);
            assertThat(bytes.getInt()).isEqualTo(masked(length));
            byte[] content = take(bytes, (int) little(length).getLong());
            assertThat(bytes.getInt()).isEqualTo(masked(content));
            events.add(event(content));
        }
        return events;
    }

    private static Event event(byte[] content) {
        Map<Integer, Object> fields = fields(content);
        double wallTime = Double.longBitsToDouble((Long) fields.get(1));
        if (fields.containsKey(3)) {
            return new Event(wallTime, 0, text(fields.get(3)), null, 0);
        }
        Map<Integer, Object> entry =
                fields((byte[]) fields((byte[]) fields.get(5)).get(1));
        return new Event(
                wallTime,
                (Long) fields.get(2),
                null,
                text(entry.get(1)),
                Float.intBitsToFloat(((Long) entry.get(2)).intValue()));
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    private static Map<Integer, Object> fields(byte[] message) {
        ByteBuffer bytes = little(message);
        Map<Integer, Object> fields = new HashMap<>();
        while (bytes.hasRemaining()) {
            long key = varint(bytes);
            Object value = switch ((int) key & 7) {
                case 0 -> varint(bytes);
                case 1 -> bytes.getLong();
                case 2 -> take(bytes, (int) varint(bytes));
                case 5 -> (long) bytes.getInt();
                default -> throw new AssertionError("wire type of key " + key);
            };
            fields.put((int) key >> 3, value);
        }
        return fields;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        int shift = 0;
        byte part;
        do {
            part = bytes.get();
            value |= (part & 0x7fL) << shift;
            shift += 7;
        } while (part < 0);
        return value;
    }

    private static byte[] take(ByteBuffer bytes, int count) {
        byte[] taken = new byte[count];
        bytes.get(taken);
        return taken;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int masked(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        long value = crc.getValue();
        return (int) ((value >>> 15 | value << 17) + 0xa282ead8L);
    }
}
