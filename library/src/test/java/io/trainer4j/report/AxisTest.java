package io.trainer4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1, 5, 0, 1, 0.2",
        "0, 1, 10, 0, 1, 0.1",
        "0, 10, 5, 0, 10, 2",
        "3, 97, 5, 0, 100, 20",
        "0.013, 0.087, 6, 0, 0.1, 0.02",
        "-5, 5, 4, -5, 5, 5",
        "-0.3, 0.9, 6, -0.4, 1, 0.2",
        "1000, 9999, 8, 0, 10000, 2000",
        "1e-7, 9e-7, 8, 1e-7, 9e-7, 1e-7",
        "100, 100, 5, 100, 102, 2",
        "0, 0, 5, 0, 0.02, 0.02"
    })
    void endsAndStepsAreRound(double smallest, double largest, int ticks, double from, double until, double step) {
        Axis axis = Axis.over(smallest, largest, ticks);
        assertThat(axis.step()).isCloseTo(step, within(step * 1e-9));
        assertThat(axis.from()).isCloseTo(from, within(step * 1e-9));
        assertThat(axis.until()).isCloseTo(until, within(step * 1e-9));
    }

    @ParameterizedTest
    @CsvSource({"0.37, 3.18", "-2, -1", "1e-9, 3e-9", "5, 5", "0, 1e12", "2.3, 2.30001", "-1e-3, 1e-3", "17, 18"})
    void bothValuesAreOnTheAxisAndEveryTickHasItsOwnName(double smallest, double largest) {
        for (int ticks : new int[] {2, 5, 8, 10}) {
            Axis axis = Axis.over(smallest, largest, ticks);
            assertThat(axis.share(smallest)).isBetween(-1e-9, 1 + 1e-9);
            assertThat(axis.share(largest)).isBetween(-1e-9, 1 + 1e-9);
            List<Double> all = axis.ticks();
            assertThat(all).hasSizeBetween(2, ticks + 3);
            assertThat(all.get(0)).isCloseTo(axis.from(), within(axis.step() * 1e-6));
            assertThat(all.get(all.size() - 1)).isCloseTo(axis.until(), within(axis.step() * 1e-6));
            assertThat(all.stream().map(axis::label)).doesNotHaveDuplicates();
        }
    }

    @Test
    void aShareIsZeroAtTheBeginningAndOneAtTheEnd() {
        Axis axis = new Axis(10, 30, 5);
        assertThat(axis.share(10)).isZero();
        assertThat(axis.share(15)).isEqualTo(0.25);
        assertThat(axis.share(30)).isEqualTo(1);
    }

    @Test
    void namesHaveAsManyDigitsAsTheStepNeeds() {
        assertThat(Axis.over(0, 1, 5).label(0.6000000000000001)).isEqualTo("0.6");
        assertThat(Axis.over(0, 0.04, 4).label(0.02)).isEqualTo("0.02");
        assertThat(Axis.over(0, 4000, 4).label(2000)).isEqualTo("2000");
        assertThat(Axis.over(-1, 1, 4).label(-0.0)).isEqualTo("0.0");
        assertThat(Axis.over(0, 3e7, 3).label(2e7)).isEqualTo("2.00e+07");
    }

    /** Steps are whole: a run of three has ticks 1, 2, 3 and not 1.5. */
    @ParameterizedTest
    @CsvSource({
        "1 2 3, 1 2 3",
        "1, 1 2",
        "0 1, 0 1",
        "5 6, 5 6",
        "10 500, 0 100 200 300 400 500",
        "1 4.5, 1 2 3 4 5",
        "2 7, 2 3 4 5 6 7",
        "0.2 0.7, 0 1"
    })
    void anAxisOfStepsHasWholeTicks(String values, String ticks) {
        double[] steps = java.util.Arrays.stream(values.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        Axis axis = Axis.overWhole(steps, 8);
        assertThat(axis.ticks().stream().map(axis::label)).containsExactly(ticks.split(" "));
    }
}
