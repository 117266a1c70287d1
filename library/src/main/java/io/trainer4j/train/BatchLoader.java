package io.trainer4j.train;

import io.trainer4j.data.Batch;
import io.trainer4j.data.Dataset;
import io.trainer4j.data.WorkAhead;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Reads, encodes and collates batches: when they are asked for, or ahead of that by {@code dataloader_num_workers} threads,
 * {@code dataloader_prefetch_factor} batches each. The batches and what they draw from the random stream are the same
 * either way. To be used by one thread.
 */
final class BatchLoader implements AutoCloseable {
    /** torch/utils/data/dataloader.py. */
    private static final int DEFAULT_PREFETCH_FACTOR = 2;

    private final Dataset dataset;
    private final DataCollator collator;
    private final WorkAhead<Supplier<MiniBatch>> workers;
    private final Deque<int[]> ahead = new ArrayDeque<>();
    private Iterator<int[]> expected;

    /**
     * Begins to load.
     *
     * @param expected row numbers of the batches that will be asked for, in order
     */
    BatchLoader(Dataset dataset, DataCollator collator, TrainingArguments arguments, List<int[]> expected) {
        this.dataset = dataset;
        this.collator = collator;
        this.expected = expected.iterator();
        int threads = arguments.dataloaderNumWorkers();
        workers = threads == 0 ? null : new WorkAhead<>("trainer4j-dataloader", threads);
        if (workers != null) {
            Integer factor = arguments.dataloaderPrefetchFactor();
            for (int i = 0; i < threads * (factor == null ? DEFAULT_PREFETCH_FACTOR : factor); i++) {
                beginNext();
            }
        }
    }

    private void beginNext() {
        if (expected.hasNext()) {
            int[] rows = expected.next();
            ahead.add(rows);
            workers.begin(() -> prepare(rows));
        }
    }

    /** A batch; what the supplier does is done by the thread that asks. */
    private Supplier<MiniBatch> prepare(int[] rows) {
        Batch encoded = dataset.rows(rows);
        if (collator.drawsRandomNumbers()) {
            return () -> collator.collate(encoded);
        }
        MiniBatch batch = collator.collate(encoded);
        return () -> batch;
    }

    /**
     * Waits for a batch. Where other rows are asked for than expected, as after memory ran out, nothing is read ahead any
     * more.
     */
    MiniBatch load(int[] rows) {
        if (ahead.isEmpty() || !Arrays.equals(ahead.peek(), rows)) {
            dropAhead();
            return prepare(rows).get();
        }
        ahead.remove();
        Future<Supplier<MiniBatch>> next = workers.remove();
        beginNext();
        return WorkAhead.await(next).get();
    }

    private void dropAhead() {
        if (workers != null) {
            workers.drop();
        }
        ahead.clear();
        expected = Collections.emptyIterator();
    }

    /** Waits for the batches that are being read and drops them. */
    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
    }
}
