package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected: {@code datetime.strftime} of Python 3.11 on Linux. */
class TimeFormatTest {
    @ParameterizedTest
    @CsvSource({
        "2025-01-01T00:00:00, %j|%-j|%I|%-I|%l|%k|%p|%P, 001|1|12|12|12| 0|AM|am",
        "2025-12-31T12:00:00, %j|%-j|%I|%p|%r, 365|365|12|PM|12:00:00 PM",
        "2024-12-31T23:59:59, %j|%G|%V|%u|%w|%X, 366|2025|01|2|2|23:59:59",
        "2027-01-03T13:05:09, %G|%V|%u|%w|%A|%a, 2026|53|7|0|Sunday|Sun",
        "2025-09-05T09:05:04, %B %b %-d %e %d|%c, September Sep 5  5 05|Fri Sep  5 09:05:04 2025",
        "2025-10-10T10:10:10, %-d|%-m|%-H|%-M|%-S|%e, 10|10|10|10|10|10",
        "2025-05-01T00:00:00, %B %h|%D|%-H|%-M, May May|05/01/25|0|0"
    })
    void writesTimes(LocalDateTime time, String format, String expected) {
        assertThat(TimeFormat.format(time, format)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void namesOfMonthsAreEnglish(int month) {
        String name = TimeFormat.format(LocalDateTime.of(2025, month, 1, 0, 0), "%B");
        List<String> names = List.of(
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December");
        assertThat(name).isEqualTo(names.get(month - 1));
        assertThat(TimeFormat.format(LocalDateTime.of(2025, month, 1, 0, 0), "%b"))
                .isEqualTo(name.substring(0, 3));
    }

    @Test
    void fractionsHaveSixDigits() {
        assertThat(TimeFormat.format(LocalDateTime.of(2025, 1, 1, 0, 0, 0, 1_234_000), "%f"))
                .isEqualTo("001234");
    }

    @ParameterizedTest
    @CsvSource({
        "%Q, the directive %Q of a time format is not supported",
        "100%, the time format '100%' ends within a directive",
        "%-, the time format '%-' ends within a directive"
    })
    void refusesWhatItDoesNotKnow(String format, String fault) {
        assertThatThrownBy(() -> TimeFormat.format(LocalDateTime.of(2025, 1, 1, 0, 0), format))
                .isInstanceOf(Fault.class)
                .hasMessage(fault);
    }
}
