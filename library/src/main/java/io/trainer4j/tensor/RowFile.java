package io.trainer4j.tensor;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.zip.CRC32C;
import org.bytedeco.pytorch.Tensor;

/**
 * Computed vectors of the tokens of a data set's rows, on disk: a safetensors file with {@code states [tokens, width]} in
 * 32-bit floats and one checksum for each row that has been written. A row is found again only if it was whole and was
 * computed from the same tokens. Not thread-safe.
 */
public final class RowFile implements AutoCloseable {
    private static final long PRESENT = 1L << 32;

    private final Path path;
    private final FileChannel channel;
    private final long[] starts;
    private final long width;
    private final long checksums;
    private final long states;

    private RowFile(Path path, FileChannel channel, long[] starts, long width, long checksums) {
        this.path = path;
        this.channel = channel;
        this.starts = starts;
        this.width = width;
        this.checksums = checksums;
        states = checksums + Long.BYTES * (starts.length - 1L);
    }

    /**
     * Opens a file for rows of these lengths, with what it held before if that was for the same.
     *
     * @param lengths tokens of each row
     * @param origin stands for everything but the tokens that the vectors follow from, as {@link #fingerprint}
     * @throws TrainerException if the disk has no room for all rows or the file cannot be written
     */
    public static RowFile open(Path path, int[] lengths, long width, long origin) {
        long[] starts = new long[lengths.length + 1];
        for (int row = 0; row < lengths.length; row++) {
            starts[row + 1] = starts[row] + lengths[row];
        }
        byte[] header = header(starts, width, origin);
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            RowFile file = new RowFile(path, channel, starts, width, header.length);
            if (!file.beginsWith(header)) {
                channel.truncate(0);
                file.requireRoom();
                file.write(ByteBuffer.wrap(header), 0);
                file.write(ByteBuffer.allocate(Math.toIntExact(file.states - file.checksums)), file.checksums);
            }
            return file;
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    private static byte[] header(long[] starts, long width, long origin) {
        int rows = starts.length - 1;
        long tokens = starts[rows];
        String json = ("{\"__metadata__\":{\"format\":\"pt\",\"origin\":\"%x\",\"rows\":\"%x\"},"
                        + "\"checksums\":{\"dtype\":\"I64\",\"shape\":[%d],\"data_offsets\":[0,%d]},"
                        + "\"states\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}}")
                .formatted(
                        origin,
                        Arrays.hashCode(starts),
                        rows,
                        8L * rows,
                        tokens,
                        width,
                        8L * rows,
                        8L * rows + bytes(tokens, width));
        int padded = (json.length() + 7) / 8 * 8;
        byte[] header = new byte[8 + padded];
        Arrays.fill(header, (byte) ' ');
        ByteBuffer.wrap(header)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(json.getBytes(StandardCharsets.US_ASCII));
        return header;
    }

    /** Bytes on disk of all rows. */
    public static long bytes(long tokens, long width) {
        return Float.BYTES * tokens * width;
    }

    /** A checksum of all values of the tensors. */
    public static long fingerprint(Collection<Tensor> tensors) {
        CRC32C crc = new CRC32C();
        for (Tensor tensor : tensors) {
            try (Scope scope = Scope.open()) {
                Tensor plain = tensor.detach().contiguous().view(-1);
                long part = 1 << 24;
                for (long from = 0; from < plain.numel(); from += part) {
                    crc.update(buffer(plain.narrow(0, from, Math.min(part, plain.numel() - from))
                            .cpu()));
                }
            }
        }
        return crc.getValue();
    }

    private boolean beginsWith(byte[] header) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(header.length);
        return read(found, 0) && Arrays.equals(found.array(), header) && channel.size() >= states;
    }

    private void requireRoom() throws IOException {
        long needed = bytes(starts[starts.length - 1], width);
        long free = Files.getFileStore(path.toAbsolutePath()).getUsableSpace();
        if (free < needed) {
            throw new TrainerException("%s needs %.1f GB but the disk has %.1f GB left; free some or choose another"
                            .formatted(path, needed / 1e9, free / 1e9)
                    + " output folder.");
        }
    }

    /**
     * Reads a row if it is there, whole, and was computed from these tokens.
     *
     * @param target contiguous {@code [tokens of the row, width]}, changed even where the row turns out to be broken
     * @return whether the target holds the row
     */
    public boolean read(int row, int[] tokens, Tensor target) {
        ByteBuffer stored = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (Scope scope = Scope.open()) {
            ByteBuffer values = buffer(target);
            if (!read(stored, checksums + 8L * row) || stored.getLong(0) == 0 || !read(values, position(row))) {
                return false;
            }
            return stored.getLong(0) == checksum(tokens, values.rewind());
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /**
     * Writes a row; its checksum comes last, so that a row half written is none.
     *
     * @param values {@code [tokens of the row, width]}
     */
    public void write(int row, int[] tokens, Tensor values) {
        try (Scope scope = Scope.open()) {
            ByteBuffer bytes = buffer(values.detach().cpu().contiguous());
            write(bytes, position(row));
            ByteBuffer sum = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            write(sum.putLong(0, checksum(tokens, bytes.rewind())), checksums + 8L * row);
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    private long position(int row) {
        return states + bytes(starts[row], width);
    }

    private static long checksum(int[] tokens, ByteBuffer values) {
        CRC32C crc = new CRC32C();
        ByteBuffer ids = ByteBuffer.allocate(Integer.BYTES * tokens.length);
        ids.asIntBuffer().put(tokens);
        crc.update(ids);
        crc.update(values);
        return PRESENT | crc.getValue();
    }

    private static ByteBuffer buffer(Tensor tensor) {
        return TensorData.bytes(tensor).asByteBuffer();
    }

    private boolean read(ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                return false;
            }
            at += count;
        }
        return true;
    }

    private void write(ByteBuffer from, long position) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            at += channel.write(from, at);
        }
    }

    private static TrainerException failure(Path path, IOException e) {
        return new TrainerException("Cannot keep computed states in " + path + ": " + e.getMessage() + ".", e);
    }

    /** Closes and removes the file. */
    public void delete() {
        close();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failure(path, e);
        }
    }
}
