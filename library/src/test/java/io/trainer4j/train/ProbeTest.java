package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeTest {
    /** Two seconds' worth of rows, but one at least and no more than there are; a row without a target takes no time. */
    @ParameterizedTest
    @CsvSource({"0.9, 2", "7, 1", "0.3, 3", "0, 3"})
    void slowModelsTryAsManyRowsAsAreWorthTheWait(double secondsOfRow, int rows) {
        assertThat(Probe.partOf(new int[] {4, 5, 6}, secondsOfRow))
                .hasSize(rows)
                .startsWith(4);
    }
}
