package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
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

    /** Rows of 10, 30 and 50 tokens; where nothing is known of a token's time, all of them. */
    @ParameterizedTest
    @CsvSource({"0.02, 5 4 3", "0.024, 5 4", "0.03, 5", "7, 5", "0, 5 4 3"})
    void theLongestRowIsTriedAndAsManyOthersAsAreWorthTheWait(double secondsPerToken, String rows) {
        int[] tried = Probe.worthTheWait(
                List.of(3, 4, 5),
                some -> Arrays.stream(some).map(row -> 20 * row - 50).sum(),
                secondsPerToken);
        assertThat(Arrays.stream(tried).mapToObj(String::valueOf)).containsExactly(rows.split(" "));
    }
}
