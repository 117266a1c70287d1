package io.trainer4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes: results to {@code out}, everything else to {@code err}.
 *
 * @param interactive whether a person is watching, so that a line may be redrawn
 */
record Terminal(PrintStream out, PrintStream err, boolean interactive) {
    /** The process's own streams, in a character set that has Chinese. */
    static Terminal system() {
        Charset charset = System.console() == null
                ? StandardCharsets.UTF_8
                : System.console().charset();
        Charset usable = charset.newEncoder().canEncode('中') ? charset : StandardCharsets.UTF_8;
        return new Terminal(
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, usable),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, usable),
                System.console() != null);
    }
}
