package io.trainer4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.hub.Retry.BusyException;
import io.trainer4j.hub.Retry.ProgressException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {
    private final List<Long> waits = new ArrayList<>();
    private final Retry retry = new Retry(duration -> waits.add(duration.toSeconds()));
    private final Deque<IOException> failures = new ArrayDeque<>();
    private int attempts;

    private String attempt() throws IOException {
        attempts++;
        if (!failures.isEmpty()) {
            throw failures.pop();
        }
        return "done";
    }

    @Test
    void whatSucceedsIsDoneOnce() throws IOException {
        assertThat(retry.run(this::attempt)).isEqualTo("done");
        assertThat(attempts).isEqualTo(1);
        assertThat(waits).isEmpty();
    }

    @Test
    void theWaitDoublesWithEveryFailure() throws IOException {
        fail(4, new IOException("reset"));

        assertThat(retry.run(this::attempt)).isEqualTo("done");
        assertThat(waits).containsExactly(1L, 2L, 4L, 8L);
    }

    @Test
    void theFifthFailureIsTheLast() {
        fail(4, new IOException("reset"));
        IOException last = new IOException("reset for good");
        failures.add(last);

        assertThatThrownBy(() -> retry.run(this::attempt)).isSameAs(last);
        assertThat(attempts).isEqualTo(5);
    }

    @Test
    void progressStartsTheCountAnew() throws IOException {
        fail(4, new IOException("reset"));
        fail(1, new ProgressException(new IOException("some more had arrived")));
        fail(3, new IOException("reset"));

        assertThat(retry.run(this::attempt)).isEqualTo("done");
        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 1L, 2L, 4L, 8L);
    }

    @Test
    void progressKeepsTheReason() {
        IOException reason = new IOException("connection reset");

        assertThat(new ProgressException(reason)).hasMessage("connection reset").hasCause(reason);
    }

    @Test
    void aServerThatCannotBeReachedIsAskedOnceWhereThatIsEnough() {
        for (IOException unreachable :
                List.of(new ConnectException("refused"), new HttpConnectTimeoutException("too slow"))) {
            fail(1, unreachable);
            assertThatThrownBy(() -> retry.runIfReachable(this::attempt)).isSameAs(unreachable);
        }
        assertThat(waits).isEmpty();
    }

    @Test
    void aServerThatCanBeReachedIsAskedAgain() throws IOException {
        fail(1, new IOException("reset"));
        assertThat(retry.runIfReachable(this::attempt)).isEqualTo("done");

        fail(1, new ConnectException("refused"));
        assertThat(retry.run(this::attempt)).isEqualTo("done");
        assertThat(waits).containsExactly(1L, 1L);
    }

    @Test
    void aFailureThatIsExplainedIsNotTriedAgain() {
        TrainerException explained = new TrainerException("the disk is full");

        assertThatThrownBy(() -> retry.run(() -> {
                    attempts++;
                    throw explained;
                }))
                .isSameAs(explained);
        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void anInterruptEndsTheWaitAndIsPassedOn() {
        Retry interrupted = new Retry(duration -> {
            throw new InterruptedException();
        });
        fail(1, new IOException("reset"));

        assertThatThrownBy(() -> interrupted.run(this::attempt))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage("The download was interrupted; start it again to go on where it stopped.");
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "60, 60", "61, 60", "999999999, 60", "9999999999, 1", "-5, 1", "soon, 1", "'', 1"})
    void aBusyServerSaysHowLongButNotLongerThanAMinute(String retryAfter, long seconds) throws IOException {
        retry.run(() -> {
            if (attempts++ == 0) {
                Retry.requireReady(new StubResponse(503, Map.of("Retry-After", retryAfter)));
            }
            return "done";
        });

        assertThat(waits).containsExactly(seconds);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 206, 302, 401, 403, 404, 416, 501})
    void otherAnswersAreFinal(int status) {
        StubResponse response = new StubResponse(status, Map.of("Retry-After", "1"));

        assertThatCode(() -> Retry.requireReady(response)).doesNotThrowAnyException();
    }

    @Test
    void theStatusIsTheReason() {
        assertThatThrownBy(() -> Retry.requireReady(new StubResponse(429, Map.of())))
                .isExactlyInstanceOf(BusyException.class)
                .hasMessage("it answered 429");
    }

    @Test
    void sleepingWaitsNoTimeAtAllForNothing() throws InterruptedException {
        Retry.sleeping().pause().wait(Duration.ZERO);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Retry.sleeping().pause().wait(Duration.ofDays(1)))
                .isInstanceOf(InterruptedException.class);
    }

    private void fail(int times, IOException failure) {
        for (int i = 0; i < times; i++) {
            failures.add(failure);
        }
    }
}
