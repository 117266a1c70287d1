package io.trainer4j.data;

import java.util.Iterator;
import java.util.concurrent.Future;
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
    private final WorkAhead<Batch> work;
    private int begun;

    BatchesAhead(Dataset dataset, int threads) {
        this.dataset = dataset;
        this.rows = dataset.size();
        work = new WorkAhead<>("trainer4j-map", threads);
        for (int i = 0; i < 2 * threads; i++) {
            beginNext();
        }
    }

    private void beginNext() {
        if (begun < rows) {
            int from = begun;
            begun = Math.min(rows, from + ROWS);
            int[] indices = IntStream.range(from, begun).toArray();
            work.begin(() -> dataset.rows(indices));
        }
    }

    @Override
    public boolean hasNext() {
        return !work.isEmpty();
    }

    /**
     * Waits for the next batch.
     *
     * @throws RuntimeException what the mapped functions threw for it, after those before it are done
     */
    @Override
    public Batch next() {
        Future<Batch> next = work.remove();
        beginNext();
        return WorkAhead.await(next);
    }

    /** Returns when no thread is at work any more, since what the functions use may be closed next. */
    @Override
    public void close() {
        work.close();
    }
}
