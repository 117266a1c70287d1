package io.trainer4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StallGuardTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Says nothing until it is closed; the closing takes until it is told to end, as that of a connection may. */
    private static final class Silent extends InputStream {
        private final CountDownLatch closing = new CountDownLatch(1);
        private final CountDownLatch mayEnd = new CountDownLatch(1);

        @Override
        public int read() throws IOException {
            await(closing);
            throw new IOException("closed");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
        }

        @Override
        public void close() throws IOException {
            closing.countDown();
            await(mayEnd);
        }

        private static void await(CountDownLatch latch) throws IOException {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @Test
    void whatArrivesIsPassedOn() throws IOException {
        try (InputStream in =
                new StallGuard(new ByteArrayInputStream("content".getBytes(StandardCharsets.UTF_8)), LONG)) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("content");
            assertThat(in.read(new byte[1], 0, 1)).isEqualTo(-1);
        }
    }

    @Test
    void aConnectionThatBreaksSaysItsOwnReason() throws IOException {
        Silent broken = new Silent();
        broken.mayEnd.countDown();
        broken.close();

        assertThatThrownBy(() -> new StallGuard(broken, LONG).read(new byte[1], 0, 1))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("closed");
    }

    @Test
    void silenceIsTheReasonEvenWhileTheConnectionIsBeingClosed() {
        Silent silent = new Silent();
        InputStream in = new StallGuard(silent, Duration.ofMillis(1));
        try {
            assertThatThrownBy(() -> in.read(new byte[1], 0, 1))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("nothing arrived for 0 seconds")
                    .hasRootCauseMessage("closed");
        } finally {
            silent.mayEnd.countDown();
        }
    }
}
