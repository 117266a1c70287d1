package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.data.Batch;
import io.trainer4j.data.Dataset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
    private final ExecutorService workers;
    private final Deque<Ahead> ahead = new ArrayDeque<>();
    private Iterator<int[]> expected;

    /** A batch on its way; what the future gives is called on the thread that asks. */
    private record Ahead(int[] rows, Future<Supplier<MiniBatch>> batch) {}

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
        workers = threads == 0 ? null : Executors.newFixedThreadPool(threads, BatchLoader::thread);
        if (workers != null) {
            Integer factor = arguments.dataloaderPrefetchFactor();
            for (int i = 0; i < threads * (factor == null ? DEFAULT_PREFETCH_FACTOR : factor); i++) {
                beginNext();
            }
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "trainer4j-dataloader");
        thread.setDaemon(true);
        return thread;
    }

    private void beginNext() {
        if (expected.hasNext()) {
            int[] rows = expected.next();
            ahead.add(new Ahead(rows, workers.submit(() -> prepare(rows))));
        }
    }

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
        if (ahead.isEmpty() || !Arrays.equals(ahead.peek().rows(), rows)) {
            dropAhead();
            return prepare(rows).get();
        }
        Future<Supplier<MiniBatch>> next = ahead.remove().batch();
        beginNext();
        try {
            return next.get().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw OutOfMemory.unchecked(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrainerException("The run was interrupted while it waited for a batch; start it again.", e);
        }
    }

    private void dropAhead() {
        ahead.forEach(batch -> batch.batch().cancel(false)); // an interrupt would close the files that a thread reads
        ahead.clear();
        expected = Collections.emptyIterator();
    }

    /** Waits for the batches that are being read and drops them. */
    @Override
    public void close() {
        dropAhead();
        if (workers != null) {
            workers.shutdown();
            try {
                workers.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
