package io.trainer4j.data;

import io.trainer4j.TrainerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A text file whose bytes have been checked from first to last against its character set.
 *
 * <p>The check reads the file once per character set tried, in constant memory.
 */
record TextFile(Path path, Charset charset) {
    private static final int BUFFER_SIZE = 1 << 16;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /**
     * Finds the first character set of an encoding that all bytes fit.
     *
     * @throws TrainerException naming file, line and character sets, when none does
     */
    static TextFile open(Path path, TextEncoding encoding) throws IOException {
        if (!Files.exists(path)) {
            throw new TrainerException("File " + path + " does not exist; check the path.");
        }
        if (!Files.isRegularFile(path)) {
            throw new TrainerException(path + " is not a regular file; name a CSV, JSON or JSON Lines file.");
        }
        List<String> failures = new ArrayList<>();
        for (Charset charset : encoding.charsets()) {
            OptionalLong line = firstUndecodableLine(path, charset);
            if (line.isEmpty()) {
                return new TextFile(path, charset);
            }
            failures.add("line " + line.getAsLong() + " is not valid " + charset);
        }
        throw new TrainerException("File " + path + " cannot be decoded: " + String.join(" and ", failures)
                + "; give its encoding with --encoding or save it as UTF-8.");
    }

    /** Opens the text for reading from the start, without its byte order mark. */
    BufferedReader reader() throws IOException {
        BufferedReader reader = new BufferedReader(
                new InputStreamReader(Files.newInputStream(path), strictDecoder(charset)), BUFFER_SIZE);
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
        return reader;
    }

    /** Counts line feeds up to the first bytes that do not fit; the first line is 1. */
    private static OptionalLong firstUndecodableLine(Path path, Charset charset) throws IOException {
        CharsetDecoder decoder = strictDecoder(charset);
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER_SIZE);
        CharBuffer chars = CharBuffer.allocate(BUFFER_SIZE);
        long line = 1;
        try (FileChannel channel = FileChannel.open(path)) {
            boolean atEnd = false;
            while (!atEnd) {
                atEnd = channel.read(bytes) < 0;
                bytes.flip();
                CoderResult result;
                do {
                    result = decoder.decode(bytes, chars, atEnd);
                    line += chars.flip().chars().filter(c -> c == '\n').count();
                    chars.clear();
                } while (result.isOverflow());
                if (result.isError()) {
                    return OptionalLong.of(line);
                }
                bytes.compact();
            }
        }
        return OptionalLong.empty();
    }

    private static CharsetDecoder strictDecoder(Charset charset) {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }
}
