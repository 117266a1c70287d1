package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.data.Dataset;
import io.trainer4j.tensor.RandomState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpochOrderTest {
    /** {@code get_length_grouped_indices} of transformers 5.17 where {@code torch.randperm} gives the first order. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            3 1 0 2 | 5 9 2 9 | 2 | 3 1 0 2
            0 1 2 3 4 5 6 7 8 9 | 1 2 3 4 5 6 7 8 9 10 | 2 | 9 0 3 2 5 4 7 6 1 8
            9 3 5 1 7 0 2 8 4 6 | 4 4 4 4 4 4 4 4 4 4 | 2 | 9 3 5 1 7 0 2 8 4 6
            5 4 3 2 1 0 11 10 9 8 7 6 | 3 1 4 1 5 9 2 6 5 3 5 8 | 1 | 5 4 3 2 0 1 11 10 9 7 8 6
            2 0 1 | 7 8 9 | 8 | 2 1 0
            7 2 9 4 1 0 8 3 6 5 15 14 13 12 11 10 | 2 2 1 1 9 9 3 3 4 4 1 1 7 6 5 20 | 2 | 15 9 7 2 8 1 0 3 4 5 14 6 12 13 11 10
            """)
    void rowsOfOneLengthAreNeighboursAsInPython(String order, String lengths, int batchSize, String expected) {
        assertThat(EpochOrder.byLength(ints(order), ints(lengths), batchSize)).containsExactly(ints(expected));
    }

    @Test
    void everyRowComesOnceAndTheLongestFirst() {
        int[] lengths = IntStream.range(0, 203).map(i -> 1 + i * 37 % 101).toArray();
        int[] order = EpochOrder.byLength(RandomState.permutation(203, 5), lengths, 4);
        assertThat(Arrays.stream(order).sorted())
                .containsExactly(IntStream.range(0, 203).boxed().toArray(Integer[]::new));
        assertThat(lengths[order[0]]).isEqualTo(101);
    }

    @Test
    void trainingTakesRowsInOrderOrByTheSeedOfTheEpoch() {
        TrainingArguments arguments = new TrainingArguments().seed(7);
        assertThat(EpochOrder.ofTraining(
                        arguments.trainSamplingStrategy(SamplingStrategy.SEQUENTIAL), 5, 3, new int[5]))
                .containsExactly(0, 1, 2, 3, 4);
        int[] first = EpochOrder.ofTraining(arguments, 50, 0, new int[0]);
        assertThat(first).containsExactly(RandomState.permutation(50, arguments.shuffleSeed()));
        assertThat(EpochOrder.ofTraining(arguments, 50, 1, new int[0]))
                .containsExactly(RandomState.permutation(50, arguments.shuffleSeed() + 1))
                .isNotEqualTo(first);
        assertThat(EpochOrder.ofTraining(arguments.seed(8), 50, 0, new int[0])).isNotEqualTo(first);
    }

    @Test
    void anOrderByLengthIsDrawnFromTheDefaultStream() {
        TrainingArguments grouped = new TrainingArguments()
                .trainSamplingStrategy(SamplingStrategy.GROUP_BY_LENGTH)
                .perDeviceTrainBatchSize(2)
                .gradientAccumulationSteps(3);
        int[] lengths = IntStream.range(0, 60).map(i -> i % 13).toArray();
        RandomState.manualSeed(3);
        int[] drawn = EpochOrder.ofTraining(grouped, 60, 0, lengths);
        RandomState.manualSeed(3);
        assertThat(drawn).containsExactly(EpochOrder.byLength(RandomState.permutation(60), lengths, 6));
        assertThat(EpochOrder.isOnce(grouped)).isTrue();
        assertThat(EpochOrder.isOnce(new TrainingArguments())).isFalse();
    }

    @Test
    void anEvaluationTakesRowsInOrder() {
        Dataset rows = rows(7);
        TrainingArguments plain = new TrainingArguments()
                .perDeviceEvalBatchSize(3)
                .dataloaderDropLast(true)
                .trainSamplingStrategy(SamplingStrategy.GROUP_BY_LENGTH);
        assertThat(EpochOrder.ofEvaluation(plain, rows)).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(EpochOrder.ofEvaluation(plain.hfCompat(true), rows))
                .as("with hf_compat the last batch is dropped and rows are grouped")
                .hasSize(6)
                .startsWith(6);
    }

    @Test
    void lengthsAreCountedOrTakenFromTheirColumn() {
        assertThat(EpochOrder.lengths(rows(4), "length")).containsExactly(1, 2, 3, 4);
        Dataset told = Dataset.of(Map.of("input_ids", List.of(new int[3], new int[3]), "n", List.of(9L, "11")));
        assertThat(EpochOrder.lengths(told, "n")).containsExactly(9, 11);
        assertThat(EpochOrder.lengths(told, "length")).containsExactly(3, 3);
        assertThat(EpochOrder.lengths(rows(600), "length"))
                .hasSize(600)
                .startsWith(1)
                .endsWith(600);
    }

    private static Dataset rows(int count) {
        return Dataset.of(Map.of(
                "input_ids",
                IntStream.range(0, count).mapToObj(i -> new int[i + 1]).toList()));
    }

    private static int[] ints(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }
}
