package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a run counts and decides between its steps. */
class RunBookkeepingTest {
    @Test
    void aLogShowsTheMeanSinceTheLast() {
        Progress progress = new Progress();
        assertThat(progress.hasUnlogged()).isFalse();
        progress.addStep(4, 0.5);
        progress.addStep(2, 0.25);
        assertThat(progress.hasUnlogged()).isTrue();
        assertThat(progress.gradNorm()).isEqualTo(0.25);
        assertThat(progress.takeMeanLoss()).isEqualTo(3);
        assertThat(progress.hasUnlogged()).isFalse();
        progress.addStep(1, 1);
        assertThat(progress.takeMeanLoss()).isEqualTo(1);
        assertThat(progress.meanLoss(3)).isCloseTo(7 / 3.0, within(1e-12));
    }

    @Test
    void skippedStepsDoNotCountInTheMean() {
        Progress progress = new Progress();
        progress.addStep(4, 1);
        progress.skipStep();
        progress.skipStep();
        assertThat(progress.skippedSteps()).isEqualTo(2);
        assertThat(progress.meanLoss(3)).isEqualTo(4);
        assertThat(new Progress().meanLoss(0)).isZero();
    }

    @Test
    void aLossThatIsNoNumberIsReplacedByTheMeanSoFar() {
        Progress progress = new Progress();
        assertThat(progress.replacement(0.5)).isEqualTo(0.5);
        progress.addStep(2, 1);
        progress.addStep(4, 1);
        assertThat(progress.replacement(0)).isEqualTo(2);
    }

    @Test
    void theEndOfAnEpochIsDoneOnce() {
        Progress progress = new Progress();
        assertThat(progress.endedEpochAt(3)).isFalse();
        progress.endEpoch(3);
        assertThat(progress.endedEpochAt(3)).isTrue();
        assertThat(progress.endedEpochAt(6)).isFalse();
    }

    @Test
    void progressGoesOnFromItsJson() {
        Progress progress = new Progress();
        progress.addStep(4, 0.125);
        progress.addStep(0.1 + 0.2, 0.5);
        progress.skipStep();
        progress.endEpoch(2);
        progress.schedule(Map.of("rate", 1e-3, "bad", 2.0));
        progress.order(new int[] {3, 1, 2, 0});
        JsonNode json = JsonMapper.shared().readTree(JsonMapper.shared().writeValueAsString(progress.toMap()));
        Progress resumed = Progress.of(json);
        assertThat(resumed.takeMeanLoss()).isEqualTo(progress.takeMeanLoss());
        assertThat(resumed.gradNorm()).isEqualTo(0.5);
        assertThat(resumed.skippedSteps()).isEqualTo(1);
        assertThat(resumed.meanLoss(3)).isEqualTo(progress.meanLoss(3));
        assertThat(resumed.endedEpochAt(2)).isTrue();
        assertThat(resumed.schedule()).isEqualTo(Map.of("rate", 1e-3, "bad", 2.0));
        assertThat(resumed.order()).containsExactly(3, 1, 2, 0);
    }

    @Test
    void theRowsOfSmallBatchesWeighAsHuggingFaceWeighsThem() {
        EvaluationSums sums = new EvaluationSums(null);
        sums.addBatch(4, 8, new int[] {1, 2, 3, 4}, new int[] {1, 2, 3, 3}, null);
        sums.addBatch(1, 6, new int[] {5, 5}, new int[] {5, 6}, null);
        assertThat(sums.rows()).isEqualTo(5);
        assertThat(sums.batches()).isEqualTo(2);
        assertThat(sums.meanLossByRow()).as("(2 * 4 + 3 * 1) / 5").isCloseTo(2.2, within(1e-12));
        assertThat(sums.meanLossByTarget()).as("14 / 6").isCloseTo(14 / 6.0, within(1e-12));
        assertThat(sums.accuracy()).isCloseTo(4 / 6.0, within(1e-12));
    }

    @Test
    void partsOfABatchCountAsOneBatch() {
        EvaluationSums parts = new EvaluationSums(null);
        parts.addBatch(2, 6, new int[] {1, 1}, new int[] {1, 1}, null);
        parts.addBatch(1, 1, new int[] {1}, new int[] {0}, null);
        parts.addLikelihoodLoss(3);
        EvaluationSums sums = new EvaluationSums(null);
        sums.add(parts);
        sums.add(parts);
        assertThat(sums.batches()).isEqualTo(2);
        assertThat(sums.rows()).isEqualTo(6);
        assertThat(sums.meanLossByRow()).isCloseTo(7 / 3.0, within(1e-12));
        assertThat(sums.likelihoodLoss()).isEqualTo(6);
        assertThat(sums.perplexity()).isCloseTo(Math.exp(1), within(1e-12));
    }

    @Test
    void predictionsArePassedOnToTheMetric() {
        CollectedPredictions collected = new CollectedPredictions(prediction -> Map.of("rows", 1.0));
        EvaluationSums sums = new EvaluationSums(collected);
        sums.addBatch(2, 1, new int[] {1, 0}, new int[] {1, 1}, List.of(new float[] {0, 1}, new float[] {1, 0}));
        sums.addBatch(1, 1, new int[] {0}, new int[] {0}, null);
        sums.addValues(2, List.of(new float[] {0.5f}), List.of(new float[] {0.25f}));
        EvalPrediction all = collected.prediction();
        assertThat(all.predictions()).containsExactly(1, 0, 0);
        assertThat(all.labels()).containsExactly(1, 1, 0);
        assertThat(all.scores()).hasSize(3);
        assertThat(all.values()).hasSize(1);
        assertThat(all.accuracy()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(collected.compute()).isEqualTo(Map.of("rows", 1.0));
        assertThat(sums.rows()).isEqualTo(4);
    }

    /** As ReduceLROnPlateau: smaller, relative, threshold; figure, best so far; better. */
    @ParameterizedTest
    @CsvSource({
        "true, true, 0.1, 0.89, 1, true", "true, true, 0.1, 0.9, 1, false", "true, true, 0.1, 1, 1, false",
        "true, false, 0.1, 0.89, 1, true", "true, false, 0.1, 0.95, 1, false", "false, true, 0.1, 1.11, 1, true",
        "false, true, 0.1, 1.05, 1, false", "false, false, 0.1, 1.11, 1, true", "false, false, 0.1, 1.05, 1, false",
        "true, true, 0, 0.999, 1, true", "true, true, 0, 1, 1, false", "true, true, 0.1, NaN, 1, false",
        "false, true, 0.1, NaN, 1, false"
    })
    void aFigureIsBetterByItsThreshold(
            boolean smaller, boolean relative, double threshold, double figure, double best, boolean better) {
        assertThat(new MetricTrend(smaller, relative, threshold).isBetter(figure, best))
                .isEqualTo(better);
    }

    @Test
    void everyFigureIsBetterThanNone() {
        for (boolean smaller : new boolean[] {true, false}) {
            for (boolean relative : new boolean[] {true, false}) {
                MetricTrend trend = new MetricTrend(smaller, relative, 1e-4);
                assertThat(trend.isBetter(smaller ? 1e30 : -1e30, trend.worst()))
                        .isTrue();
            }
        }
    }

    @Test
    void aTrendIsReadFromTheSettings() {
        NamedSettings given = NamedSettings.parse("o", "mode=max,threshold_mode=abs,threshold=0.5");
        assertThat(MetricTrend.of(given, "rel", 1e-4)).isEqualTo(new MetricTrend(false, false, 0.5));
        assertThat(MetricTrend.of(NamedSettings.parse("o", ""), "rel", 1e-4))
                .isEqualTo(new MetricTrend(true, true, 1e-4));
    }

    @ParameterizedTest
    @CsvSource({"10, 4, 4 4 2", "4, 4, 4", "3, 4, 3", "4, 1, 1 1 1 1", "0, 4, ''"})
    void aBatchIsCutIntoPartsWithinTheLimit(int rows, int limit, String sizes) {
        int[] batch = java.util.stream.IntStream.range(0, rows).map(i -> i * 3).toArray();
        List<int[]> parts = new RowLimit(limit, false).parts(batch);
        assertThat(String.join(" ", parts.stream().map(part -> "" + part.length).toList()))
                .isEqualTo(sizes);
        assertThat(parts.stream().flatMapToInt(Arrays::stream).toArray()).containsExactly(batch);
    }

    @Test
    void theLimitIsHalvedWhereMemoryLacked() {
        OutOfMemoryError memory = new OutOfMemoryError("native");
        RowLimit limit = new RowLimit(9, true);
        assertThat(limit.halveAfter(memory, 9)).isTrue();
        assertThat(limit.rows()).isEqualTo(5);
        assertThat(limit.halveAfter(memory, 3))
                .as("a last batch that was smaller")
                .isTrue();
        assertThat(limit.rows()).isEqualTo(2);
        assertThat(limit.halveAfter(memory, 2)).isTrue();
        assertThat(limit.halveAfter(memory, 1)).as("one row is the least").isFalse();
        assertThat(limit.rows()).isEqualTo(1);
    }

    @Test
    void theLimitStaysForOtherFailuresAndWhereNobodyAsked() {
        RowLimit limit = new RowLimit(8, true);
        assertThat(limit.halveAfter(new IllegalStateException("shape"), 8)).isFalse();
        assertThat(limit.rows()).isEqualTo(8);
        assertThat(new RowLimit(8, false).halveAfter(new OutOfMemoryError(), 8)).isFalse();
    }

    @Test
    void labelsAreNumbersTextsOrLists() {
        assertThat(LabelValues.of("label", 3L)).containsExactly(3);
        assertThat(LabelValues.of("label", "-2.5")).containsExactly(-2.5f);
        assertThat(LabelValues.of("label", List.of(1, "0", 0.5))).containsExactly(1, 0, 0.5f);
        assertThat(LabelValues.of("label", new int[] {1, 0})).containsExactly(1, 0);
        float[] values = {1, 2};
        assertThat(LabelValues.of("label", values)).isSameAs(values);
        assertThat(LabelValues.of("label", List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"high", "", "1,5"})
    void aLabelThatIsNoNumberIsNamed(String cell) {
        assertThatThrownBy(() -> LabelValues.of("score", cell))
                .isInstanceOf(UsageException.class)
                .hasMessage("Column \"score\" holds \"" + cell
                        + "\" where a number is needed; give one number, or a list of numbers, per row.");
        assertThatThrownBy(() -> LabelValues.of("score", List.of(1, cell))).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> LabelValues.of("score", null)).hasMessageContaining("holds \"null\"");
    }

    @Test
    void aPlanIsALinePerDecisionWithTheReasonsBehind() {
        RunPlan plan = new RunPlan(List.of(
                new RunPlan.Item("device", "cpu", "no other"), new RunPlan.Item("learning rate", "1e-3", "given")));
        assertThat(plan.toString()).isEqualTo("  device         cpu (no other)\n  learning rate  1e-3 (given)");
        RunPlan longer = plan.after(List.of(new RunPlan.Item("rows", "7", "counted")));
        assertThat(longer.items()).extracting(RunPlan.Item::name).containsExactly("rows", "device", "learning rate");
        assertThat(plan.items()).hasSize(2);
        assertThat(new RunPlan(List.of()).toString()).isEmpty();
    }

    @Test
    void aValueWithPercentSignsIsShownAsItIs() {
        RunPlan plan = new RunPlan(List.of(new RunPlan.Item("rows", "50%d", "100%")));
        assertThat(plan.toString()).isEqualTo("  rows  50%d (100%)");
    }
}
