package io.trainer4j.hub;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Tries a request again after a lost connection or a busy server: up to five times in a row without any progress, after
 * 1, 2, 4 and 8 seconds or as long as the server asks, at most a minute.
 *
 * @param pause waits between attempts
 */
record Retry(Pause pause) {
    private static final int ATTEMPTS = 5;
    private static final long MAX_SECONDS = 60;
    private static final Set<Integer> TEMPORARY = Set.of(408, 429, 500, 502, 503, 504);

    /** Waits. */
    @FunctionalInterface
    interface Pause {
        void wait(Duration duration) throws InterruptedException;
    }

    /** One attempt. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException;
    }

    /** A server that may answer later. */
    static final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;

        private final Optional<Duration> wait;

        private BusyException(int status, Optional<Duration> wait) {
            super("it answered " + status);
            this.wait = wait;
        }
    }

    /** An attempt that failed after it had added to what had arrived before, so that the count of attempts starts again. */
    static final class ProgressException extends IOException {
        private static final long serialVersionUID = 1L;

        ProgressException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    static Retry sleeping() {
        return new Retry(duration -> Thread.sleep(duration.toMillis()));
    }

    /** Throws where the status says that the server is busy. */
    static void requireReady(HttpResponse<?> response) throws BusyException {
        if (TEMPORARY.contains(response.statusCode())) {
            Optional<Duration> wait = response.headers()
                    .firstValue("Retry-After")
                    .filter(text -> text.matches("\\d{1,9}"))
                    .map(text -> Duration.ofSeconds(Math.min(MAX_SECONDS, Long.parseLong(text))));
            throw new BusyException(response.statusCode(), wait);
        }
    }

    /**
     * Runs until an attempt succeeds.
     *
     * @throws IOException what the last attempt failed with
     */
    <T> T run(Attempt<T> attempt) throws IOException {
        return run(attempt, failure -> false);
    }

    /** As {@link #run(Attempt)}, but a server that cannot be reached at all is not asked again. */
    <T> T runIfReachable(Attempt<T> attempt) throws IOException {
        return run(
                attempt,
                failure -> failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException);
    }

    private <T> T run(Attempt<T> attempt, Predicate<IOException> hopeless) throws IOException {
        int failures = 0;
        while (true) {
            try {
                return attempt.run();
            } catch (IOException e) {
                failures = e instanceof ProgressException ? 1 : failures + 1;
                if (failures == ATTEMPTS || hopeless.test(e)) {
                    throw e;
                }
                Duration backoff = Duration.ofSeconds(1L << (failures - 1));
                waitFor(e instanceof BusyException busy ? busy.wait.orElse(backoff) : backoff);
            }
        }
    }

    private void waitFor(Duration duration) {
        try {
            pause.wait(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrainerException("The download was interrupted; start it again to go on where it stopped.", e);
        }
    }
}
