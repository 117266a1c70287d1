package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedRowTest {
    /** Lengths: tokenizers 0.23.2, {@code enable_truncation(m)} and a pair of texts of so many one-token words. */
    @ParameterizedTest
    @CsvSource({
        "7, 10, 12, 3, 4",
        "7, 10, 10, 3, 4",
        "7,  3, 12, 3, 4",
        "7, 12,  3, 4, 3",
        "7,  5, 10, 3, 4",
        "7, 10,  5, 4, 3",
        "7,  9,  6, 4, 3",
        "7,  2, 12, 2, 5",
        "7,  8,  2, 5, 2",
        "7,  2,  2, 2, 2",
        "7,  7,  1, 6, 1",
        "7,  4,  4, 3, 4",
        "8, 12, 10, 4, 4",
        "8,  3, 12, 3, 5",
        "8, 12,  3, 5, 3",
        "8, 10,  5, 4, 4",
        "8,  8,  2, 6, 2",
        "8,  4,  5, 4, 4"
    })
    void pairsKeepTheLengthsOfTokenizers(int maxLength, int first, int second, int keptFirst, int keptSecond) {
        EncodedRow kept = pair(first, second).truncate(maxLength, Side.RIGHT);
        assertThat(IntStream.of(kept.ids()).filter(id -> id < 100)).hasSize(keptFirst);
        assertThat(IntStream.of(kept.ids()).filter(id -> id >= 100)).hasSize(keptSecond);
    }

    @Test
    void specialTokensStayAtTheEnds() {
        EncodedRow row = new EncodedRow(
                new int[] {2, 10, 11, 12, 13, 3}, new int[] {0, 0, 0, 0, 0, 1}, new int[] {-1, 0, 0, 0, 0, -1});
        assertThat(row.truncate(4, Side.RIGHT).ids()).containsExactly(2, 10, 11, 3);
        assertThat(row.truncate(4, Side.RIGHT).typeIds()).containsExactly(0, 0, 0, 1);
        assertThat(row.truncate(4, Side.LEFT).ids()).containsExactly(2, 12, 13, 3);
        assertThat(row.truncate(2, Side.RIGHT).ids()).containsExactly(2, 3);
        assertThat(row.truncate(6, Side.RIGHT)).isSameAs(row);
        assertThatThrownBy(() -> row.truncate(1, Side.RIGHT))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("A maximum length of 1 leaves no room for the 2 special tokens");
    }

    @Test
    void pairsAreCutOnTheLeftToo() {
        assertThat(pair(3, 4).truncate(4, Side.LEFT).ids()).containsExactly(1, 2, 102, 103);
    }

    /** Ids count from 0 in the first text and from 100 in the second. */
    private static EncodedRow pair(int first, int second) {
        int[] ids = IntStream.concat(IntStream.range(0, first), IntStream.range(100, 100 + second))
                .toArray();
        int[] sequences = IntStream.of(ids).map(id -> id < 100 ? 0 : 1).toArray();
        return new EncodedRow(ids, sequences, sequences);
    }
}
