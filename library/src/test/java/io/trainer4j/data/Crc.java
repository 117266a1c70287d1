package io.trainer4j.data;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** A checksum over all cells, to compare a dataset with what Python reads. */
final class Crc {
    private Crc() {}

    /** {@code zlib.crc32("".join(cell + "\x1f" for row in rows for cell in row).encode())}, empty cells as "". */
    static long ofCells(Dataset dataset) {
        CRC32 crc = new CRC32();
        for (Row row : dataset) {
            for (String column : row.columnNames()) {
                String text = row.isNull(column) ? "" : row.getString(column);
                crc.update((text + "\u001f").getBytes(StandardCharsets.UTF_8));
            }
        }
        return crc.getValue();
    }
}
