package io.trainer4j.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrunerTest {
    @ParameterizedTest
    @CsvSource({
        "1, true",
        "2, false",
        "3, true",
        "4, false",
        "5, false",
        "6, false",
        "8, false",
        "9, true",
        "10, false",
        "26, false",
        "27, true",
        "28, false",
        "81, true"
    })
    void aTrialMayEndAtPowersOfThreeOnly(int evaluations, boolean rung) {
        List<Trial> better = List.of(constant(1, 1, 100), constant(2, 1, 100), constant(3, 1, 100));
        assertThat(Pruner.SUCCESSIVE_HALVING.ends(constant(0, 5, evaluations), better, false))
                .isEqualTo(rung);
        assertThat(Pruner.NONE.ends(constant(0, 5, evaluations), better, false)).isFalse();
    }

    /** How many others came as far, how many of them were better; the best third of all, at least one, goes on. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, false", "1, 0, false", "1, 1, true", "2, 0, false", "2, 1, true", "4, 0, false", "4, 1, true",
        "5, 1, false", "5, 2, true", "8, 2, false", "8, 3, true", "9, 2, false", "9, 3, true", "11, 3, false",
        "11, 4, true"
    })
    void theBestThirdOfARungGoesOn(int others, int better, boolean ends) {
        List<Trial> rung = new ArrayList<>();
        for (int i = 0; i < others; i++) {
            rung.add(reports(i + 1, i < better ? 1 : 3));
        }
        assertThat(Pruner.SUCCESSIVE_HALVING.ends(reports(0, 2), rung, false)).isEqualTo(ends);
    }

    @Test
    void largeFiguresAreGoodWhereTheStudySaysSo() {
        List<Trial> others = List.of(reports(1, 0.9));
        assertThat(Pruner.SUCCESSIVE_HALVING.ends(reports(0, 0.5), others, true))
                .isTrue();
        assertThat(Pruner.SUCCESSIVE_HALVING.ends(reports(0, 0.5), others, false))
                .isFalse();
    }

    @Test
    void onlyTrialsThatCameAsFarAreCompared() {
        List<Trial> others = List.of(reports(1, 1), reports(2, 1, 1), reports(3, 9, 9, 9));
        assertThat(Pruner.SUCCESSIVE_HALVING.ends(reports(0, 5, 5, 5), others, false))
                .as("one other, which is worse at its third evaluation")
                .isFalse();
        assertThat(Pruner.SUCCESSIVE_HALVING.ends(reports(0, 5), others, false)).isTrue();
    }

    @Test
    void theFigureOfTheRungCountsNotTheLatest() {
        List<Trial> others = List.of(reports(1, 4, 1, 1, 1, 1));
        assertThat(Pruner.SUCCESSIVE_HALVING.ends(reports(0, 3), others, false)).isFalse();
    }

    @Test
    void equalFiguresGoOn() {
        List<Trial> others = List.of(reports(1, 2), reports(2, 2), reports(3, 2));
        assertThat(Pruner.SUCCESSIVE_HALVING.ends(reports(0, 2), others, false)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aFigureThatIsNoNumberIsWorseThanAll(boolean greaterIsBetter) {
        List<Trial> others = List.of(reports(1, 2), reports(2, 3));
        assertThat(Pruner.SUCCESSIVE_HALVING.ends(reports(0, Double.NaN), others, greaterIsBetter))
                .isTrue();
        assertThat(Pruner.SUCCESSIVE_HALVING.ends(reports(0, 2), List.of(reports(1, Double.NaN)), greaterIsBetter))
                .isFalse();
    }

    private static Trial constant(int number, double figure, int evaluations) {
        double[] figures = new double[evaluations];
        Arrays.fill(figures, figure);
        return reports(number, figures);
    }

    private static Trial reports(int number, double... figures) {
        List<Double> reports = Arrays.stream(figures).boxed().toList();
        return new Trial(number, Map.of(), Trial.State.RUNNING, reports, null, null);
    }
}
