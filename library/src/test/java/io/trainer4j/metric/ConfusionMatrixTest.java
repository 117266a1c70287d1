package io.trainer4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small cases beside what scikit-learn 1.9 gives, with {@code zero_division=0}. */
class ConfusionMatrixTest {
    /** Accuracy; precision, recall and F1 as macro average; the same weighted. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 | 0 | 2 | 1.0 1.0 1.0 1.0 1.0 1.0 1.0
            0 | 1 | 2 | 0.0 0.0 0.0 0.0 0.0 0.0 0.0
            0 1 | 0 1 | 2 | 1.0 1.0 1.0 1.0 1.0 1.0 1.0
            0 1 | 1 0 | 2 | 0.0 0.0 0.0 0.0 0.0 0.0 0.0
            0 0 0 1 | 0 0 0 0 | 2 | 0.75 0.375 0.5 0.42857142857142855 0.5625 0.75 0.6428571428571428
            0 0 0 1 | 1 1 1 1 | 2 | 0.25 0.125 0.5 0.2 0.0625 0.25 0.1
            1 1 1 1 | 1 1 1 0 | 2 | 0.75 0.5 0.375 0.42857142857142855 1.0 0.75 0.8571428571428571
            0 1 2 | 0 1 2 | 3 | 1.0 1.0 1.0 1.0 1.0 1.0 1.0
            0 1 2 | 1 2 0 | 3 | 0.0 0.0 0.0 0.0 0.0 0.0 0.0
            0 1 2 0 1 2 | 0 2 1 0 0 1 | 3 | 0.3333333333333333 0.2222222222222222 0.3333333333333333 0.26666666666666666 0.2222222222222222 0.3333333333333333 0.26666666666666666
            0 0 0 0 1 2 | 0 0 0 0 0 0 | 3 | 0.6666666666666666 0.2222222222222222 0.3333333333333333 0.26666666666666666 0.4444444444444444 0.6666666666666666 0.5333333333333333
            2 2 2 | 2 2 0 | 3 | 0.6666666666666666 0.5 0.3333333333333333 0.4 1.0 0.6666666666666666 0.8000000000000002
            0 1 2 3 4 | 0 1 2 3 0 | 5 | 0.8 0.7 0.8 0.7333333333333333 0.7 0.8 0.7333333333333333
            1 3 3 1 3 1 | 1 1 3 3 3 1 | 4 | 0.6666666666666666 0.6666666666666666 0.6666666666666666 0.6666666666666666 0.6666666666666666 0.6666666666666666 0.6666666666666666
            0 0 1 1 2 2 3 3 | 0 1 1 2 2 3 3 0 | 4 | 0.5 0.5 0.5 0.5 0.5 0.5 0.5
            4 4 4 4 1 | 4 4 1 1 1 | 6 | 0.6 0.6666666666666666 0.75 0.5833333333333333 0.8666666666666666 0.6 0.6333333333333333
            0 1 0 1 0 1 0 1 1 1 | 0 1 1 1 0 0 0 1 1 0 | 2 | 0.7 0.7 0.7083333333333333 0.696969696969697 0.7200000000000001 0.7 0.7030303030303029
            0 0 0 0 0 0 0 0 0 1 | 0 0 0 0 0 0 0 0 1 1 | 2 | 0.9 0.75 0.9444444444444444 0.803921568627451 0.95 0.9 0.9137254901960784
            """)
    void averagesAreThoseOfScikitLearn(String labels, String predictions, int classes, String expected) {
        ConfusionMatrix matrix = matrix(labels, predictions, classes);
        ClassScores macro = matrix.average(Average.MACRO);
        ClassScores weighted = matrix.average(Average.WEIGHTED);
        double[] figures = {
            matrix.accuracy(),
            macro.precision(),
            macro.recall(),
            macro.f1(),
            weighted.precision(),
            weighted.recall(),
            weighted.f1()
        };
        double[] wanted = Numbers.doubles(expected);
        assertThat(figures).containsExactly(wanted, within(1e-12));
        ClassScores micro = matrix.average(Average.MICRO);
        assertThat(new double[] {micro.precision(), micro.recall(), micro.f1()})
                .containsExactly(new double[] {wanted[0], wanted[0], wanted[0]}, within(1e-12));
    }

    @Test
    void aCellCountsRowsOfOneClassTakenForAnother() {
        ConfusionMatrix matrix = matrix("0 0 1 2 2 2", "0 2 1 0 0 2", 3);
        assertThat(matrix.classes()).isEqualTo(3);
        assertThat(matrix.rows()).isEqualTo(6);
        assertThat(new long[] {matrix.count(0, 0), matrix.count(0, 1), matrix.count(0, 2)})
                .containsExactly(1, 0, 1);
        assertThat(new long[] {matrix.count(1, 0), matrix.count(1, 1), matrix.count(1, 2)})
                .containsExactly(0, 1, 0);
        assertThat(new long[] {matrix.count(2, 0), matrix.count(2, 1), matrix.count(2, 2)})
                .containsExactly(2, 0, 1);
    }

    @Test
    void aClassHasItsOwnFigures() {
        ConfusionMatrix matrix = matrix("0 0 1 2 2 2", "0 2 1 0 0 2", 3);
        assertThat(matrix.of(0)).isEqualTo(new ClassScores(1 / 3.0, 0.5, 0.4, 2));
        assertThat(matrix.of(1)).isEqualTo(new ClassScores(1, 1, 1, 1));
        assertThat(matrix.of(2)).isEqualTo(new ClassScores(0.5, 1 / 3.0, 0.4, 3));
    }

    @Test
    void aClassThatNeverOccursScoresZeroAndIsLeftOutOfTheAverage() {
        ConfusionMatrix matrix = matrix("0 1 0 1", "0 1 0 1", 4);
        assertThat(matrix.of(3)).isEqualTo(new ClassScores(0, 0, 0, 0));
        assertThat(matrix.average(Average.MACRO)).isEqualTo(new ClassScores(1, 1, 1, 4));
    }

    @Test
    void aClassThatIsOnlyPredictedCountsInTheMacroAverage() {
        assertThat(matrix("0 0", "0 1", 3).average(Average.MACRO).recall()).isEqualTo(0.25);
    }

    @Test
    void everyAverageTellsAllRowsAsSupport() {
        ConfusionMatrix matrix = matrix("0 1 2 2", "0 1 2 0", 3);
        for (Average average : Average.values()) {
            assertThat(matrix.average(average).support()).as(average.name()).isEqualTo(4);
        }
    }

    private static ConfusionMatrix matrix(String labels, String predictions, int classes) {
        int[] wanted = Numbers.ints(labels);
        int[] predicted = Numbers.ints(predictions);
        ConfusionMatrix matrix = new ConfusionMatrix(classes);
        for (int row = 0; row < wanted.length; row++) {
            matrix.add(wanted[row], predicted[row]);
        }
        return matrix;
    }
}
