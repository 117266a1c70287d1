package io.trainer4j.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;

/**
 * One number for rows of ids, the same as Python's {@code c = zlib.crc32(struct.pack("<%di" % (len(row) + 1), len(row),
 * *row), c)} over all rows.
 */
final class Checksums {
    private Checksums() {}

    static long crc32(List<int[]> rows) {
        CRC32 crc = new CRC32();
        for (int[] row : rows) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * (row.length + 1))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(row.length);
            for (int value : row) {
                bytes.putInt(value);
            }
            crc.update(bytes.flip());
        }
        return crc.getValue();
    }
}
