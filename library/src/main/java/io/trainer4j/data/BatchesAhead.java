package io.trainer4j.data;

import io.trainer4j.TrainerException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The rows of a dataset in order, in small batches that several threads compute ahead: as many at a time as there are
 * threads, and as many again that wait. To be used by one thread.
 */
final class BatchesAhead implements Iterator<Batch>, AutoCloseable {
    /** Few, since all that is ahead is in memory: with 16 threads 256 KiB a row, as of 32,768 tokens, are 256 MiB. */
    static final int ROWS = 32;

    private final Dataset dataset;
    private final int rows;
    private final ExecutorService workers;
    private final Deque<Future<Batch>> ahead = new ArrayDeque<>();
    private int begun;

    BatchesAhead(Dataset dataset, int threads) {
        this.dataset = dataset;
        this.rows = dataset.size();
        workers = Executors.newFixedThreadPool(threads, BatchesAhead::thread);
        for (int i = 0; i < 2 * threads; i++) {
            beginNext();
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "trainer4j-map");
        thread.setDaemon(true);
        return thread;
    }

    private void beginNext() {
        if (begun < rows) {
            int from = begun;
            begun = Math.min(rows, from + ROWS);
            int[] indices = IntStream.range(from, begun).toArray();
            ahead.add(workers.submit(() -> dataset.rows(indices)));
        }
    }

    @Override
    public boolean hasNext() {
        return !ahead.isEmpty();
    }

    /**
     * Waits for the next batch.
     *
     * @throws RuntimeException what the mapped functions threw for it, after those before it are done
     */
    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Future<Batch> next = ahead.remove();
        beginNext();
        try {
            return next.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause(); // mapped functions declare no checked exception
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrainerException("The work was interrupted while rows were computed; start it again.", e);
        }
    }

    /** Returns when no thread is at work any more, since what the functions use may be closed next. */
    @Override
    public void close() {
        ahead.forEach(batch -> batch.cancel(false)); // an interrupt would close the files that a thread reads
        ahead.clear();
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
