package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergedWordTest {
    /** Pairs that come up and go away by merging 1 and 2 into 9, worked out by hand; the merged pair itself is left out. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 2         |
            3 1 2       | 3,1 -5 ; 3,9 +5
            1 2 4       | 2,4 -5 ; 9,4 +5
            3 1 2 4     | 2,4 -5 ; 3,1 -5 ; 3,9 +5 ; 9,4 +5
            1 2 1 2     | 2,1 -5 ; 9,1 +0 ; 9,9 +5
            2 1         |
            1 1 2       | 1,1 -5 ; 1,9 +5
            1           |
            """)
    void neighboursOfAMergedPairAreCounted(String ids, String expected) {
        int[] word =
                Arrays.stream(ids.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
        Map<String, Long> changes = new TreeMap<>();

        new MergedWord(word, 5)
                .merge(1, 2, 9, (left, right, change) -> changes.merge(left + "," + right, change, Long::sum));

        assertThat(text(changes)).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @CsvSource({"1 1 1, '9,1 +7'", "1 1 1 1, '9,9 +7'", "1 1 1 1 1, '9,1 +7 ; 9,9 +7'"})
    void aTokenBesideItselfIsMergedFromTheLeft(String ids, String expected) {
        int[] word =
                Arrays.stream(ids.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
        Map<String, Long> changes = new TreeMap<>();

        new MergedWord(word, 7).merge(1, 1, 9, (left, right, change) -> {
            if (left == 9) {
                changes.merge(left + "," + right, change, Long::sum);
            }
        });

        changes.values().removeIf(change -> change == 0);
        assertThat(text(changes)).isEqualTo(expected);
    }

    private static String text(Map<String, Long> changes) {
        return changes.entrySet().stream()
                .map(change -> "%s %+d".formatted(change.getKey(), change.getValue()))
                .collect(Collectors.joining(" ; "));
    }
}
