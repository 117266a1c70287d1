package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkAheadTest {
    @Test
    void resultsComeInTheOrderOfTheTasks() {
        CountDownLatch secondIsDone = new CountDownLatch(1);
        try (WorkAhead<String> work = new WorkAhead<>("test", 2)) {
            work.begin(() -> {
                await(secondIsDone);
                return "first";
            });
            work.begin(() -> {
                secondIsDone.countDown();
                return "second";
            });
            assertThat(WorkAhead.await(work.remove())).isEqualTo("first");
            assertThat(WorkAhead.await(work.remove())).isEqualTo("second");
            assertThat(work.isEmpty()).isTrue();
        }
    }

    @Test
    void whatATaskThrowsIsThrownToTheOneWhoWaits() {
        IllegalStateException failure = new IllegalStateException("no");
        AssertionError error = new AssertionError("never");
        try (WorkAhead<String> work = new WorkAhead<>("test", 1)) {
            work.begin(() -> {
                throw failure;
            });
            work.begin(() -> {
                throw error;
            });
            assertThatThrownBy(() -> WorkAhead.await(work.remove())).isSameAs(failure);
            assertThatThrownBy(() -> WorkAhead.await(work.remove())).isSameAs(error);
        }
    }

    @Test
    void closingWaitsForTheTaskAtWorkAndForgetsTheOthers() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        WorkAhead<Integer> work = new WorkAhead<>("test", 1);
        work.begin(() -> {
            begun.countDown();
            await(goOn);
            return done.incrementAndGet();
        });
        work.begin(done::incrementAndGet);
        await(begun);
        work.drop();
        goOn.countDown();
        work.close();
        assertThat(done).hasValue(1);
        assertThat(work.isEmpty()).isTrue();
    }

    @Test
    void oneWhoIsInterruptedWhileWaitingIsTold() {
        CountDownLatch goOn = new CountDownLatch(1);
        try (WorkAhead<String> work = new WorkAhead<>("test", 1)) {
            work.begin(() -> {
                await(goOn);
                return "";
            });
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> WorkAhead.await(work.remove()))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
            goOn.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
