package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.data.Batch;
import io.trainer4j.data.Dataset;
import io.trainer4j.tensor.RandomState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BatchLoaderTest {
    private static final Dataset ROWS = Dataset.of(Map.of(
            "input_ids", IntStream.range(0, 40).mapToObj(i -> new int[] {i, i}).toList()));
    private static final List<int[]> EXPECTED =
            IntStream.range(0, 20).mapToObj(i -> new int[] {2 * i + 1, 2 * i}).toList();

    @TempDir
    private Path out;

    private static TrainingArguments workers(int threads, int factor) {
        TrainingArguments arguments = new TrainingArguments().dataloaderNumWorkers(threads);
        return factor == 0 ? arguments : arguments.dataloaderPrefetchFactor(factor);
    }

    private static BatchLoader loader(Dataset rows, TrainingArguments arguments) {
        return new BatchLoader(rows, DataCollator.forCausalLM(0), arguments, EXPECTED);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "2, 0", "5, 3"})
    void batchesComeInOrder(int threads, int factor) {
        try (BatchLoader loader = loader(ROWS, workers(threads, factor))) {
            for (int[] rows : EXPECTED) {
                assertThat(loader.load(rows).input().inputIds()).isDeepEqualTo(new int[][] {
                    {rows[0], rows[0]}, {rows[1], rows[1]}
                });
            }
        }
    }

    /** Rows are read by the loader's threads alone, and collated there unless the collator draws. */
    @ParameterizedTest
    @CsvSource({"0, false, false", "2, false, true", "2, true, false"})
    void collatorsThatDrawStayOnTheTrainingThread(int threads, boolean draws, boolean elsewhere) {
        Set<Thread> collating = ConcurrentHashMap.newKeySet();
        DataCollator collator = new DataCollator() {
            @Override
            public MiniBatch collate(Batch rows) {
                collating.add(Thread.currentThread());
                return DataCollator.forCausalLM(0).collate(rows);
            }

            @Override
            public boolean drawsRandomNumbers() {
                return draws;
            }
        };
        try (BatchLoader loader = new BatchLoader(ROWS, collator, workers(threads, 0), EXPECTED)) {
            EXPECTED.forEach(loader::load);
        }

        assertThat(collating.contains(Thread.currentThread())).isNotEqualTo(elsewhere);
    }

    @ParameterizedTest
    @CsvSource({"2, 3, 6", "3, 0, 6", "1, 1, 1"})
    void readsAheadNoFurtherThanAskedFor(int threads, int factor, int batches) throws InterruptedException {
        AtomicInteger read = new AtomicInteger();
        CountDownLatch ahead = new CountDownLatch(batches);
        Dataset counted = ROWS.map(batch -> {
            read.incrementAndGet();
            ahead.countDown();
            return batch;
        });
        BatchLoader loader = loader(counted, workers(threads, factor));
        ahead.await();
        loader.close();

        assertThat(read).hasValue(batches);
    }

    @Test
    void failureSurfacesInItsOwnStep() {
        Dataset broken = ROWS.map(batch -> {
            if (batch.column("input_ids", int[].class).get(0)[0] == 5) {
                throw new TrainerException("Row 5 is broken; mend it.");
            }
            return batch;
        });
        try (BatchLoader loader = loader(broken, workers(4, 5))) {
            loader.load(EXPECTED.get(0));
            loader.load(EXPECTED.get(1));
            assertThatThrownBy(() -> loader.load(EXPECTED.get(2)))
                    .isInstanceOf(TrainerException.class)
                    .hasMessage("Row 5 is broken; mend it.");
        }
    }

    @Test
    void lackOfMemoryInALoaderThreadIsToldAsSuch() {
        Dataset large = ROWS.map(batch -> {
            throw new OutOfMemoryError("Java heap space");
        });
        try (BatchLoader loader = loader(large, workers(1, 1))) {
            assertThatThrownBy(() -> loader.load(EXPECTED.get(0))).isInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void partsOfABatchAreReadWhenNeeded() {
        try (BatchLoader loader = loader(ROWS, workers(2, 2))) {
            loader.load(EXPECTED.get(0));

            assertThat(loader.load(new int[] {3}).input().inputIds()).isDeepEqualTo(new int[][] {{3, 3}});
            assertThat(loader.load(new int[] {2}).input().inputIds()).isDeepEqualTo(new int[][] {{2, 2}});
            assertThat(loader.load(EXPECTED.get(2)).rows()).isEqualTo(2);
        }
    }

    @Test
    void interruptedWaitEndsTheRun() {
        CountDownLatch never = new CountDownLatch(1);
        Dataset slow = ROWS.map(batch -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return batch;
        });
        BatchLoader loader = loader(slow, workers(1, 1));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> loader.load(EXPECTED.get(0))).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        never.countDown();
        loader.close();
    }

    /** Batches, dropout and what is logged are those of a run without loader threads, also where a collator draws. */
    @ParameterizedTest
    @CsvSource({"RANDOM, false", "GROUP_BY_LENGTH, false", "BATCH_REBALANCE, true"})
    void runsAreTheSameWithWorkers(SamplingStrategy strategy, boolean draws) {
        TrainingArguments arguments = TinyRun.arguments(out)
                .trainSamplingStrategy(strategy)
                .gradientAccumulationSteps(2)
                .maxSteps(5)
                .loggingSteps(1)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(2)
                .saveStrategy(SaveStrategy.NO);
        TinyRun alone = run(arguments, draws);
        TinyRun ahead = run(arguments.dataloaderNumWorkers(3), draws);

        assertThat(ahead.logWithoutTimes()).isEqualTo(alone.logWithoutTimes());
        alone.weights()
                .forEach((name, values) -> assertThat(ahead.weights().get(name)).isEqualTo(values));
    }

    private static TinyRun run(TrainingArguments arguments, boolean draws) {
        DataCollator plain = DataCollator.forCausalLM(0);
        DataCollator drawing = new DataCollator() {
            @Override
            public MiniBatch collate(Batch rows) {
                RandomState.drawLoaderSeed();
                return plain.collate(rows);
            }

            @Override
            public boolean drawsRandomNumbers() {
                return true;
            }
        };
        return TinyRun.of(1, arguments, builder -> builder.dataCollator(draws ? drawing : plain));
    }
}
