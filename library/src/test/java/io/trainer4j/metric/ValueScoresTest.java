package io.trainer4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Expected figures are those of scikit-learn 1.9 and numpy for the same rows. */
class ValueScoresTest {
    private static final float[][] LOGITS = {
        {2, -1, 0.5f}, {-3, 0.2f, -0.1f}, {0.4f, 0.7f, -2}, {-1, -1, -1}, {1.5f, -0.3f, 0.9f}
    };
    private static final float[][] LABELS = {{1, 0, 0}, {0, 1, 1}, {1, 1, 0}, {0, 0, 1}, {0, 0, 1}};

    @Test
    void severalLabelsAreScikitLearns() {
        MultiLabelScores scores = new MultiLabelScores(3);
        for (int row = 0; row < LOGITS.length; row++) {
            scores.add(LOGITS[row], LABELS[row]);
        }

        assertClose(
                scores.values(),
                Map.ofEntries(
                        Map.entry("accuracy", 0.2),
                        Map.entry("hamming_loss", 0.26666666666666666),
                        Map.entry("precision_macro", 0.7222222222222222),
                        Map.entry("recall_macro", 0.7777777777777778),
                        Map.entry("f1_macro", 0.7333333333333334),
                        Map.entry("precision_micro", 0.7142857142857143),
                        Map.entry("recall_micro", 0.7142857142857143),
                        Map.entry("f1_micro", 0.7142857142857143),
                        Map.entry("precision_weighted", 0.6904761904761905),
                        Map.entry("recall_weighted", 0.7142857142857143),
                        Map.entry("f1_weighted", 0.6857142857142858),
                        Map.entry("roc_auc", 0.8333333333333334)));
        assertThat(scores.of(1)).isEqualTo(new ClassScores(1, 1, 1, 2));
    }

    /** scikit-learn gives 0 for what has no rows, and has no area then. */
    @Test
    void labelsThatNoRowHasCountAsNotFound() {
        MultiLabelScores scores = new MultiLabelScores(2);
        scores.add(new float[] {-1, -1}, new float[] {0, 0});

        assertThat(scores.values()).containsEntry("accuracy", 1.0).containsEntry("f1_macro", 0.0);
        assertThat(scores.values()).containsEntry("f1_weighted", 0.0).doesNotContainKey("roc_auc");
    }

    @Test
    void numbersAreScikitLearns() {
        float[][] predicted = {{1.5f, 2}, {2, -1}, {0, 0.25f}, {4, 3}};
        float[][] values = {{1, 2.5f}, {2.5f, -1}, {-0.5f, 1}, {3, 2}};
        RegressionScores scores = new RegressionScores(2);
        for (int row = 0; row < values.length; row++) {
            scores.add(predicted[row], values[row]);
        }

        assertClose(
                scores.values(),
                Map.of(
                        "mse", 0.4453125,
                        "rmse", 0.6672917143289803,
                        "mae", 0.59375,
                        "r2", 0.7572463768115942,
                        "pearson", 0.9134108626356009));
    }

    @Test
    void equalNumbersHaveNoCorrelation() {
        RegressionScores scores = new RegressionScores(1);
        scores.add(new float[] {1}, new float[] {2});
        scores.add(new float[] {3}, new float[] {2});

        assertThat(scores.values())
                .containsEntry("r2", 0.0)
                .containsEntry("mse", 1.0)
                .doesNotContainKey("pearson");
    }

    private static void assertClose(Map<String, Double> actual, Map<String, Double> expected) {
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach((name, value) -> assertThat(actual.get(name)).as(name).isCloseTo(value, within(1e-12)));
    }
}
