package io.trainer4j.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeTest {
    private static final double NONE = Double.POSITIVE_INFINITY;

    @ParameterizedTest
    @CsvSource({"-0.001, false", "0, true", "0.5, true", "1, true", "1.001, false"})
    void minAndMaxBelongToTheRange(double value, boolean inside) {
        assertThat(new Range(0, 1, -NONE, NONE).contains(value)).isEqualTo(inside);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "4.9E-324, true", "0.999999, true", "1, false"})
    void aboveAndBelowDoNot(double value, boolean inside) {
        assertThat(new Range(-NONE, NONE, 0, 1).contains(value)).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void onlyFiniteNumbersAreInsideEvenWithoutBounds(double value) {
        assertThat(new Range(-NONE, NONE, -NONE, NONE).contains(value)).isFalse();
        assertThat(new Range(-NONE, NONE, -NONE, NONE).contains(-Double.MAX_VALUE))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    2  | 5  | 1  | 6  | ' of at least 2 and above 1 and at most 5 and below 6'
                    -1 |    |    | 1  | ' of at least -1 and below 1'
                       |    | -1 |    | ' above -1'
                       |    |    | 9  | ' below 9'
                    """)
    void namesItsBoundsInTheOrderOfTheNumbers(Double min, Double max, Double above, Double below, String words) {
        Range range = new Range(or(min, -NONE), or(max, NONE), or(above, -NONE), or(below, NONE));

        assertThat(range).hasToString(words);
    }

    private static double or(Double bound, double none) {
        return bound == null ? none : bound;
    }
}
