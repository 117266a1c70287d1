package io.trainer4j.data;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.AbstractList;
import java.util.Arrays;

/**
 * The cells of a column in a temporary file, read one by one when they are asked for; in memory a cell takes 8 bytes. The
 * file has no name any more once it is open, on Windows until it is closed, so that it goes away with its list or the
 * process. May be read by several threads once all is added.
 */
final class DiskColumn extends AbstractList<Object> {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path folder;
    private final FileChannel channel; // its descriptor is closed when nobody reaches it any more
    private final ByteBuffer unwritten = ByteBuffer.allocate(BUFFER_BYTES);
    private long written;
    private long[] ends = new long[1024];
    private int size;

    /** An empty column in the folder for temporary files. */
    DiskColumn() {
        this(Path.of(System.getProperty("java.io.tmpdir")));
    }

    DiskColumn(Path folder) {
        this.folder = folder;
        try {
            Path file = Files.createTempFile(folder, "trainer4j-", ".column");
            channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public int size() {
        return size;
    }

    /**
     * Appends a cell.
     *
     * @param cell text, a number, a truth value, token ids, {@code float[]}, a list or map of these, or null
     */
    @Override
    public boolean add(Object cell) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
        }
        if (cell != null) {
            write(CellCode.encoded(cell));
        }
        ends[size++] = written + unwritten.position();
        return true;
    }

    private void write(byte... cell) {
        for (int from = 0; from < cell.length; ) {
            if (!unwritten.hasRemaining()) {
                flush();
            }
            int count = Math.min(unwritten.remaining(), cell.length - from);
            unwritten.put(cell, from, count);
            from += count;
        }
    }

    @Override
    public Object get(int index) {
        long begin = Indices.check(index, size) == 0 ? 0 : ends[index - 1];
        int length = Math.toIntExact(ends[index] - begin);
        if (length == 0) {
            return null;
        }
        flush();
        return CellCode.decoded(read(begin, length));
    }

    private byte[] read(long begin, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, begin + bytes.position()) < 0) {
                    throw new IOException("it has become shorter");
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
        return bytes.array();
    }

    private synchronized void flush() {
        unwritten.flip();
        try {
            while (unwritten.hasRemaining()) {
                written += channel.write(unwritten, written);
            }
        } catch (IOException e) {
            throw failure(e);
        }
        unwritten.clear();
    }

    private TrainerException failure(IOException e) {
        return new TrainerException(
                "Rows cannot be kept in a temporary file in " + folder + " (" + e
                        + "); free space there, or name another"
                        + " folder with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER.",
                e);
    }
}
