package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeTest {
    @ParameterizedTest
    @CsvSource({
        "20, 0.4, 120, 1.4, 2.2", // 0.2 a batch and 0.01 a token
        "120, 1.4, 20, 0.4, 2.2",
        "100, 1.2, 120, 1.4, 2.364", // too near each other to tell the two apart
        "20, 0.1, 120, 1.4, 2.143", // less than nothing for a batch
        "20, 1.4, 120, 0.4, 2.571" // and for a token
    })
    void whatABatchTakesIsToldFromWhatItsTokensTake(long few, double seconds, long many, double others, double of200) {
        assertThat(Probe.Line.through(few, seconds, many, others).seconds(1, 200))
                .isCloseTo(of200, within(1e-3));
    }

    /** Two seconds' worth of rows, but one at least and no more than there are; a row without a target takes no time. */
    @ParameterizedTest
    @CsvSource({"0.9, 2", "7, 1", "0.3, 3", "0, 3"})
    void slowModelsTryAsManyRowsAsAreWorthTheWait(double secondsOfRow, int rows) {
        assertThat(Probe.partOf(new int[] {4, 5, 6}, secondsOfRow))
                .hasSize(rows)
                .startsWith(4);
    }
}
