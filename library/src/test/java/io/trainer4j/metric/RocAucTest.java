package io.trainer4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RocAucTest {
    /** {@code roc_auc_score} of scikit-learn 1.9; the first case is that of its documentation. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.1 0.4 0.35 0.8 | 0 0 1 1 | 0.75
            0.5 0.5 0.5 0.5 | 0 1 0 1 | 0.5
            0.9 0.1 | 1 0 | 1.0
            0.1 0.9 | 1 0 | 0.0
            0.2 0.2 0.7 | 0 1 1 | 0.75
            0.3 0.3 0.3 0.6 0.6 0.9 | 0 1 0 1 0 1 | 0.7222222222222222
            1 2 3 4 5 6 7 8 | 0 0 1 0 1 1 0 1 | 0.75
            -3.5 -2 0 1e9 2 | 0 1 0 1 1 | 0.8333333333333333
            0 0 0 0 1 | 0 0 0 1 1 | 0.75
            0.99 0.98 0.97 0.01 | 0 0 0 1 | 0.0
            1 1 2 2 3 3 | 1 0 1 0 1 0 | 0.5
            0.25 0.5 0.75 0.5 0.25 0.75 0.5 | 1 1 1 0 0 0 1 | 0.5
            1e-300 2e-300 1e-308 | 0 1 0 | 1.0
            5 4 3 2 1 | 1 1 0 0 0 | 1.0
            """)
    void theAreaIsThatOfScikitLearn(String scores, String labels, double expected) {
        assertThat(area(Numbers.doubles(scores), Numbers.ints(labels))).isCloseTo(expected, within(1e-12));
    }

    @Test
    void theAreaIsTheShareOfPairsInTheRightOrder() {
        Random random = new Random(7);
        double[] scores = random.doubles(400).map(x -> Math.rint(x * 40)).toArray();
        int[] labels = random.ints(400, 0, 2).toArray();
        double right = 0;
        long pairs = 0;
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                if (labels[i] == 1 && labels[j] == 0) {
                    right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        assertThat(area(scores, labels)).isCloseTo(right / pairs, within(1e-12));
    }

    @Test
    void theAreaDoesNotDependOnTheOrderOfRows() {
        double[] scores = {0.1, 0.7, 0.7, 0.3};
        double[] turned = {0.3, 0.7, 0.7, 0.1};
        assertThat(area(scores, new int[] {0, 1, 0, 1})).isEqualTo(area(turned, new int[] {1, 0, 1, 0}));
    }

    @Test
    void askingTwiceAndGoingOnIsPossible() {
        RocAuc area = new RocAuc();
        area.add(0.2, false);
        area.add(0.8, true);
        assertThat(area.area()).hasValue(1);
        assertThat(area.area()).hasValue(1);
        area.add(0.9, false);
        assertThat(area.area()).hasValue(0.5);
    }

    @Test
    void oneKindOfRowsHasNoArea() {
        RocAuc none = new RocAuc();
        assertThat(none.area()).isEmpty();
        none.add(0.3, false);
        none.add(0.4, false);
        assertThat(none.area()).isEmpty();
    }

    /** Logits, labels; mean area, the area of each class, accuracy, expected calibration error. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2 1 0;0 2 1;1 0 2;0 1 0 | 0 1 2 1 | 1.0 | 1.0 1.0 1.0 | 1.0 | 0.3570400619774264
            0 0 0;0 0 0;0 0 0 | 0 1 2 | 0.5 | 0.5 0.5 0.5 | 0.3333333333333333 | 0.0
            3 1 2;1 3 1;2 2 3;0 1 4;1 1 0;0.5 0.5 0.5 | 0 1 2 0 1 2 | 0.75 | 0.5 1.0 0.75 | 0.5 | 0.44392463345985134
            1 0 0 0;0 1 0 0;0 0 1 0;0 0 0 1;1 1 1 1;0 2 0 1 | 0 1 2 3 0 3 | 0.91875 | 1.0 0.8 1.0 0.875 | 0.8333333333333334 | 0.576471356623156
            """)
    void severalClassesAreMeasuredOneAgainstTheRest(
            String logits, String labels, double mean, String each, double accuracy, double error) {
        String[] rows = logits.split(";", -1);
        int[] wanted = Numbers.ints(labels);
        double[] areas = Numbers.doubles(each);
        ClassificationScores scores = new ClassificationScores(areas.length);
        for (int row = 0; row < rows.length; row++) {
            scores.add(Numbers.floats(rows[row]), wanted[row]);
        }
        assertThat(scores.rocAuc().getAsDouble()).isCloseTo(mean, within(1e-12));
        for (int label = 0; label < areas.length; label++) {
            assertThat(scores.rocAuc(label).getAsDouble()).isCloseTo(areas[label], within(1e-12));
        }
        assertThat(scores.values().get("accuracy")).isCloseTo(accuracy, within(1e-12));
        assertThat(scores.values().get("calibration_error")).isCloseTo(error, within(1e-12));
    }

    @Test
    void aClassWithoutRowsLeavesNoMeanArea() {
        ClassificationScores scores = new ClassificationScores(3);
        scores.add(new float[] {1, 0, 0}, 0);
        scores.add(new float[] {0, 1, 0}, 1);
        assertThat(scores.rocAuc()).isEmpty();
        assertThat(scores.values()).doesNotContainKey("roc_auc").containsEntry("accuracy", 1.0);
        assertThat(scores.rocAuc(0)).hasValue(1);
        assertThat(scores.rocAuc(2)).isEmpty();
    }

    @Test
    void equalScoresMeanTheFirstClass() {
        ClassificationScores scores = new ClassificationScores(3);
        scores.add(new float[] {-1, 2, 2}, 2);
        assertThat(scores.confusion().count(2, 1)).isEqualTo(1);
    }

    @Test
    void largeLogitsDoNotOverflow() {
        ClassificationScores scores = new ClassificationScores(2);
        scores.add(new float[] {3e38f, -3e38f}, 0);
        scores.add(new float[] {1000, 999}, 1);
        assertThat(scores.values().get("calibration_error")).isCloseTo(0.7310585786300049 / 2, within(1e-9));
        assertThat(scores.values().get("accuracy")).isEqualTo(0.5);
    }

    private static double area(double[] scores, int[] labels) {
        RocAuc area = new RocAuc();
        for (int row = 0; row < scores.length; row++) {
            area.add(scores[row], labels[row] == 1);
        }
        return area.area().getAsDouble();
    }
}
