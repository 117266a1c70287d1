package io.trainer4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void everyBinHoldsItsUpperBoundAndNotItsLower(int bin) {
        double upper = bin / 15.0;
        assertThat(binOf(upper)).isEqualTo(bin - 1);
        assertThat(binOf(Math.nextDown(upper))).isEqualTo(bin - 1);
        if (bin < 15) {
            assertThat(binOf(upper + 1e-12)).isEqualTo(bin);
        }
    }

    private static int binOf(double probability) {
        Calibration calibration = new Calibration();
        calibration.add(probability, true);
        List<Calibration.Bin> bins = calibration.bins();
        return bins.indexOf(
                bins.stream().filter(bin -> bin.rows() == 1).findFirst().orElseThrow());
    }

    @Test
    void theLeastProbabilityIsInTheFirstBin() {
        assertThat(binOf(Double.MIN_VALUE)).isZero();
        assertThat(binOf(0)).isZero();
    }

    @Test
    void aBinTellsItsMeanConfidenceAndItsShareOfHits() {
        Calibration calibration = new Calibration();
        calibration.add(0.61, true);
        calibration.add(0.65, false);
        calibration.add(0.63, true);
        calibration.add(0.95, true);
        Calibration.Bin bin = calibration.bins().get(9);
        assertThat(bin.rows()).isEqualTo(3);
        assertThat(bin.confidence()).isCloseTo(0.63, within(1e-12));
        assertThat(bin.accuracy()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(calibration.bins().get(14)).isEqualTo(new Calibration.Bin(1, 0.95, 1));
        assertThat(calibration.bins().get(0)).isEqualTo(new Calibration.Bin(0, 0, 0));
        assertThat(calibration.bins().stream().mapToLong(Calibration.Bin::rows).sum())
                .isEqualTo(4);
    }

    /** Probabilities, whether right; the sum over bins of rows * |confidence - accuracy| / all rows. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | 1 | 0
            1 | 0 | 1
            0.5 0.5 | 1 0 | 0
            0.8 0.8 0.8 0.8 0.8 | 1 1 1 1 0 | 0
            0.9 0.9 0.6 0.6 | 1 1 0 1 | 0.1
            0.99 0.99 0.99 0.99 | 0 0 0 0 | 0.99
            0.7 0.9 | 0 1 | 0.4
            0.34 0.38 | 0 1 | 0.14
            """)
    void theErrorIsTheGapWeightedByRows(String probabilities, String right, double expected) {
        double[] confidence = Numbers.doubles(probabilities);
        int[] hits = Numbers.ints(right);
        Calibration calibration = new Calibration();
        for (int row = 0; row < hits.length; row++) {
            calibration.add(confidence[row], hits[row] == 1);
        }
        assertThat(calibration.error()).isCloseTo(expected, within(1e-12));
    }
}
