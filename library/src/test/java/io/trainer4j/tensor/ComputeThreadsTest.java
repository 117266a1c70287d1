package io.trainer4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ComputeThreadsTest {
    private final ComputeThreads threads = new ComputeThreads(2);

    @Test
    void everyPieceIsDoneOnceAndBeforeTheCallReturns() {
        for (int round = 0; round < 2_000; round++) {
            AtomicIntegerArray done = new AtomicIntegerArray(1 + round % 9);
            threads.run(done.length(), done::incrementAndGet);
            for (int piece = 0; piece < done.length(); piece++) {
                assertThat(done.get(piece)).isEqualTo(1);
            }
        }
    }

    /** Two pieces that wait for each other end only if two threads do them, also after a pause that made them sleep. */
    @Test
    void anotherThreadTakesPartAfterAPause() {
        for (int round = 0; round < 3; round++) {
            LockSupport.parkNanos(2_000_000);
            CountDownLatch both = new CountDownLatch(2);
            threads.run(2, piece -> {
                both.countDown();
                await(both);
            });
            assertThat(both.getCount()).isZero();
        }
    }

    @Test
    void aPieceMayUseTheThreadsItself() {
        AtomicIntegerArray done = new AtomicIntegerArray(12);
        ComputeThreads other = new ComputeThreads(1);
        threads.run(3, outer -> other.run(4, inner -> done.incrementAndGet(outer * 4 + inner)));
        for (int i = 0; i < done.length(); i++) {
            assertThat(done.get(i)).isEqualTo(1);
        }
    }

    @Test
    void whatAPieceThrowsReachesTheCallerAndTheThreadsGoOn() {
        assertThatThrownBy(() -> threads.run(8, piece -> {
                    if (piece == 5) {
                        throw new IllegalStateException("piece 5");
                    }
                }))
                .hasMessage("piece 5");
        anotherThreadTakesPartAfterAPause();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
