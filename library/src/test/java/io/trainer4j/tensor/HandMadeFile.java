package io.trainer4j.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes safetensors files byte by byte, also those that no writer would write. */
final class HandMadeFile {
    private HandMadeFile() {}

    /** The header's length, the header, and {@code dataBytes} bytes counting up from 0. */
    static Path write(Path file, String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return write(file, json.length, json, dataBytes);
    }

    /** As {@link #write(Path, String, int)}, claiming any length and holding any bytes. */
    static Path write(Path file, long claimedLength, byte[] header, int dataBytes) {
        ByteBuffer buffer = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(claimedLength).put(header);
        for (int i = 0; i < dataBytes; i++) {
            buffer.put((byte) i);
        }
        try {
            return Files.write(file, buffer.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
