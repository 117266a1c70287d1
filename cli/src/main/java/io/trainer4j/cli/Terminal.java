package io.trainer4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes: questions from {@code in}, results to {@code out}, everything else to {@code err}.
 *
 * @param interactive whether a person is watching, so that a line may be redrawn; the launcher knows
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {
    private static final String CLEAR_LINE = "\r\u001b[K";

    /** The process's own streams, in a character set that has Chinese. */
    static Terminal system() {
        String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding", "UTF-8"));
        Charset charset = Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
        Charset usable = charset.newEncoder().canEncode('中') ? charset : StandardCharsets.UTF_8;
        return new Terminal(
                System.in,
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, usable),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, usable),
                Boolean.getBoolean("trainer4j.interactive"));
    }

    /** The same without anything on standard error. */
    Terminal silent() {
        return new Terminal(in, out, new PrintStream(OutputStream.nullOutputStream()), false);
    }

    /** A line on standard error, in place of a progress bar that may stand there. */
    void tell(String line) {
        err.println((interactive ? CLEAR_LINE : "") + line);
    }

    /** Draws a line over the one drawn before; only where a person watches. */
    void redraw(String line) {
        err.print(CLEAR_LINE + line);
        err.flush();
    }
}
