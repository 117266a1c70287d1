package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.data.Dataset;
import io.trainer4j.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchRebalanceTest {
    private static final int[] LENGTHS = {3, 50, 7, 7, 120, 9, 31, 8, 8, 64, 5, 17, 2, 90, 11, 23, 6, 6, 41, 12};

    /** What BatchRebalanceSampler of transformers 5.17 yields for one process. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # rows | batch | accumulated | drop_last | epoch | batches
            20 | 4 | 2 | false | 0 | 4,1 18,15,14,2,10,0 13,6 11,8,7,3,17,12 9 19,5,16
            20 | 2 | 4 | false | 1 | 13 9 19,8,16 17,10,0 4 18,6 15,11 14,7,12 1 5 3 2
            20 | 2 | 4 | true  | 0 | 4 1,18 15,14 2,10,0 13 6,11 3,17,12 8,7
            20 | 4 | 3 | false | 0 | 15,11,14,8,2,3,10,0 1,18,6 4 13 19,5,7,17,16,12 9
            5  | 1 | 4 | false | 0 | 4 2 3 0 4 1 2 3
            10 | 3 | 3 | false | 2 | 6,5,8,7,2,3 9,1 4 6 2 0
            6  | 4 | 1 | false | 0 | 4,3,2,0 1,5
            1  | 2 | 4 | false | 0 | 0 0 0 0
            """)
    void batchesArePythons(int rows, int batch, int accumulated, boolean dropLast, int epoch, String expected) {
        TrainingArguments arguments = new TrainingArguments()
                .trainSamplingStrategy(SamplingStrategy.BATCH_REBALANCE)
                .perDeviceTrainBatchSize(batch)
                .gradientAccumulationSteps(accumulated)
                .dataloaderDropLast(dropLast)
                .seed(7);
        TrainingRows data = new TrainingRows(rows(Arrays.copyOf(LENGTHS, rows)), null);
        StepPlan plan = data.plan(arguments);

        try (Scope scope = Scope.open()) {
            List<int[]> batches = data.batches(arguments, plan, data.order(arguments, epoch));

            assertThat(text(batches)).isEqualTo(expected);
            assertThat(batches).hasSize(plan.batchesPerEpoch()).hasSize(plan.stepsPerEpoch() * accumulated);
        }
    }

    @Test
    void equalLengthsMakeEqualBatches() {
        StepPlan plan = new StepPlan(6, 2, 4, 2, 2, 1);

        assertThat(text(BatchRebalance.batches(new int[] {0, 3, 2, 4, 1, 5}, new int[] {4, 4, 4, 4, 4, 4}, plan, 2)))
                .isEqualTo("0,3 2,4 1 5");
    }

    /** A batch may have more rows than per_device_train_batch_size; a step has its rows all the same. */
    @Test
    void stepsKeepTheirRows(@TempDir Path out) {
        List<Integer> sizes = new ArrayList<>();
        Dataset unequal = rows(2, 3, 9, 3, 2, 3, 3, 3);
        TinyRun run = TinyRun.of(
                1,
                TinyRun.arguments(out)
                        .trainSamplingStrategy(SamplingStrategy.BATCH_REBALANCE)
                        .perDeviceTrainBatchSize(2)
                        .gradientAccumulationSteps(4)
                        .numTrainEpochs(1)
                        .saveStrategy(SaveStrategy.NO),
                builder -> builder.trainDataset(unequal).dataCollator(batch -> {
                    sizes.add(batch.size());
                    return DataCollator.forCausalLM(0).collate(batch);
                }));

        assertThat(run.losses()).hasSize(1);
        assertThat(sizes).hasSize(4).startsWith(1).contains(3);
        assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(8);
    }

    private static Dataset rows(int... lengths) {
        return Dataset.of(Map.of(
                "input_ids",
                IntStream.of(lengths)
                        .mapToObj(length -> Collections.nCopies(length, 3).stream()
                                .mapToInt(id -> id)
                                .toArray())
                        .toList()));
    }

    private static String text(List<int[]> batches) {
        return batches.stream()
                .map(batch -> Arrays.stream(batch).mapToObj(Integer::toString).collect(Collectors.joining(",")))
                .collect(Collectors.joining(" "));
    }
}
