package io.trainer4j.tensor;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * As many threads as libtorch computes with, the caller among them, that take pieces of work of some microseconds each. The
 * others look out for work for some ten microseconds, then sleep; a thread that is late finds its pieces done by the rest.
 */
final class ComputeThreads {
    /** About 50 microseconds, more than what lies between two products of a token. */
    private static final int SPINS = 2_000;

    /** A caller whose last pieces are with threads that do not run lets these have its core. */
    private static final int SPINS_BEFORE_YIELD = 20_000;

    private static final long YIELD_NANOS = 20_000;

    private static final ComputeThreads INSTANCE = new ComputeThreads(Engine.threads() - 1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Worker[] workers;
    private volatile Job job = new Job(0, piece -> {});

    /** Starts the threads. */
    ComputeThreads(int others) {
        workers = new Worker[others];
        for (int i = 0; i < others; i++) {
            workers[i] = new Worker(i + 1);
            workers[i].start();
        }
    }

    static ComputeThreads get() {
        return INSTANCE;
    }

    /** Some pieces of work, of which each is done once by whoever takes it first. */
    private static final class Job {
        private final int pieces;
        private final IntConsumer work;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile Throwable failure;

        Job(int pieces, IntConsumer work) {
            this.pieces = pieces;
            this.work = work;
        }

        void help() {
            for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
                try {
                    work.accept(piece);
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
                done.incrementAndGet();
            }
        }
    }

    /**
     * Does all pieces, numbered from 0, and returns when they are done. Where another thread is using these threads, the
     * caller does them alone.
     */
    void run(int pieces, IntConsumer work) {
        if (pieces <= 1 || workers.length == 0 || !lock.tryLock()) {
            for (int piece = 0; piece < pieces; piece++) {
                work.accept(piece);
            }
            return;
        }
        try {
            Job mine = new Job(pieces, work);
            job = mine;
            for (Worker worker : workers) {
                worker.wake();
            }
            mine.help();
            for (int spin = 0; mine.done.get() < pieces; spin++) {
                if (spin < SPINS_BEFORE_YIELD) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(YIELD_NANOS);
                }
            }
            rethrow(mine.failure);
        } finally {
            lock.unlock();
        }
    }

    private static void rethrow(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** One of the other threads; it never keeps the process alive. */
    private final class Worker extends Thread {
        private volatile boolean asleep;

        Worker(int number) {
            super("trainer4j-compute-" + number);
            setDaemon(true);
        }

        void wake() {
            if (asleep) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            Job last = null;
            while (true) {
                for (int spin = 0; job == last && spin < SPINS; spin++) {
                    Thread.onSpinWait();
                }
                while (job == last) {
                    asleep = true;
                    if (job == last) {
                        LockSupport.park(this);
                    }
                    asleep = false;
                }
                last = job;
                last.help();
            }
        }
    }
}
