package io.trainer4j.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A response that is closed when nothing arrives for too long: {@code java.net.http} itself would wait for ever. */
final class StallGuard extends FilterInputStream {
    private final Duration limit;

    StallGuard(InputStream in, Duration limit) {
        super(in);
        this.limit = limit;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        CompletableFuture<Void> silence = new CompletableFuture<>();
        // Before the clock runs, so that never the reading thread itself is the one that cuts.
        silence.exceptionally(timeout -> {
            cut();
            return null;
        });
        CompletableFuture<Void> alarm = silence.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return in.read(buffer, offset, length);
        } catch (IOException e) {
            throw alarm.isDone() ? new IOException("nothing arrived for " + limit.toSeconds() + " seconds", e) : e;
        } finally {
            alarm.complete(null);
        }
    }

    private void cut() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
