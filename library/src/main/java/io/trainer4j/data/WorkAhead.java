package io.trainer4j.data;

import io.trainer4j.TrainerException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tasks that threads work on ahead of the one who asks for their results, who gets these in the order in which the tasks were
 * begun. To be used by one thread.
 */
public final class WorkAhead<T> implements AutoCloseable {
    private final ExecutorService workers;
    private final Deque<Future<T>> ahead = new ArrayDeque<>();

    /** Starts the threads, which do not keep the process alive. */
    public WorkAhead(String threadName, int threads) {
        workers = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, threadName);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Has a task done as soon as a thread is free. */
    public void begin(Supplier<T> task) {
        ahead.add(workers.submit(task::get));
    }

    /** Whether no result is to be waited for. */
    public boolean isEmpty() {
        return ahead.isEmpty();
    }

    /** Takes the next task away; there must be one. */
    public Future<T> remove() {
        return ahead.remove();
    }

    /**
     * Waits for a result.
     *
     * @throws RuntimeException or an error: what the task threw
     * @throws TrainerException where the thread that waits is interrupted
     */
    public static <T> T await(Future<T> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause(); // the tasks declare no checked exception
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrainerException(
                    "The work was interrupted while it waited for another thread; start it again.", e);
        }
    }

    /** Forgets the tasks; those that are being done go on. */
    public void drop() {
        ahead.forEach(task -> task.cancel(false)); // an interrupt would close the files that a thread reads
        ahead.clear();
    }

    /** Forgets the tasks and returns when no thread is at work any more, since what they use may be closed next. */
    @Override
    public void close() {
        drop();
        workers.shutdown();
        boolean interrupted = false;
        while (!workers.isTerminated()) {
            try {
                workers.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
