package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of both sides, written out, by datasets 5.0.1 and scikit-learn 1.9.1. */
class DatasetSplitTest {
    // Dataset.from_dict({"i": list(range(12))}).train_test_split(test_size, seed=seed)
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.25 | 7 | [4, 6, 10]         | [0, 1, 3, 8, 7, 2, 5, 9, 11]
            5    | 3 | [11, 7, 2, 10, 0]  | [1, 4, 6, 9, 5, 3, 8]
            0.01 | 1 | [8]                | [11, 4, 7, 5, 0, 1, 9, 2, 10, 6, 3]
            """)
    void sidesAreThoseOfDatasets(double testSize, long seed, String test, String train) {
        DatasetSplit split = numbers(12).trainTestSplit(testSize, seed);

        assertThat(split.test().column("i")).hasToString(test);
        assertThat(split.train().column("i")).hasToString(train);
    }

    // train_test_split(list(range(12)), test_size=testSize, random_state=seed)
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.25 | 7 | [7, 10, 2]        | [5, 0, 1, 11, 8, 3, 6, 9, 4]
            5    | 3 | [5, 4, 1, 2, 11]  | [6, 7, 0, 3, 9, 8, 10]
            0.01 | 1 | [2]               | [3, 4, 10, 1, 6, 0, 7, 11, 9, 8, 5]
            """)
    void sidesAreThoseOfScikitLearn(double testSize, long seed, String test, String train) {
        DatasetSplit split = numbers(12).split(Split.sklearn(testSize, seed));

        assertThat(split.test().column("i")).hasToString(test);
        assertThat(split.train().column("i")).hasToString(train);
    }

    // Dataset.from_dict({"i": list(range(12))}).shuffle(seed=11), and .shuffle(seed=11) of that
    @Test
    void aShuffledDatasetIsShuffledAgainFromItsNewOrder() {
        Dataset once = numbers(12).shuffle(11);

        assertThat(once.column("i")).hasToString("[2, 10, 8, 1, 6, 9, 4, 5, 11, 3, 7, 0]");
        assertThat(once.shuffle(11).column("i")).hasToString("[8, 7, 11, 10, 4, 3, 6, 9, 0, 1, 5, 2]");
    }

    // len(train_test_split(test_size)["test"]) of datasets
    @ParameterizedTest
    @CsvSource({"10, 0.3, 3", "3, 0.34, 2", "1000, 0.001, 1", "7, 0.5, 4", "49, 0.9, 45"})
    void aShareIsRoundedUp(int rows, double testSize, int testRows) {
        assertThat(Split.datasets(testSize, 0).testRows(rows)).isEqualTo(testRows);
    }

    @Test
    void aSideIsSplitFurtherByItsOwnRows() {
        Dataset train = numbers(12).trainTestSplit(0.25, 7).train();

        DatasetSplit again = train.trainTestSplit(3, 7);

        assertThat(again.train().size()).isEqualTo(6);
        assertThat(IntStream.concat(values(again.train()), values(again.test())).sorted())
                .containsExactlyElementsOf(values(train).sorted().boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(doubles = {2147483648.0, -1, 1e300, Double.NEGATIVE_INFINITY})
    void countsThatNoDatasetHasAreRefused(double testSize) {
        assertThatThrownBy(() -> Split.sklearn(testSize, 0))
                .isInstanceOf(UsageException.class)
                .hasMessageEndingWith(
                        "is neither a share between 0 and 1 nor a whole number of rows; give one of the two.");
    }

    private static IntStream values(Dataset dataset) {
        return dataset.column("i").stream().mapToInt(value -> (Integer) value);
    }

    private static Dataset numbers(int rows) {
        return Dataset.of(
                Map.<String, List<?>>of("i", IntStream.range(0, rows).boxed().toList()));
    }
}
