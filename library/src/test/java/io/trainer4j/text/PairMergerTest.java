package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PairMergerTest {
    @Test
    void theFirst256TokensAreTheBytesInTheOrderOfTheirCharacters() {
        PairMerger merger = new PairMerger(Map.of());
        merger.mergeUntil(300, 1);

        assertThat(merger.tokens())
                .hasSize(256)
                .isSorted()
                .startsWith("!", "\"")
                .endsWith("Ń");
        assertThat(merger.merges()).isEmpty();
    }

    @Test
    void theMostFrequentPairIsMergedFirstAndOfEqualOnesTheSmallest() {
        PairMerger merger = merged(259, 1, "yz", 2, "ab", 2, "cd", 3);

        assertThat(merger.merges()).containsExactly(List.of("c", "d"), List.of("a", "b"), List.of("y", "z"));
        assertThat(merger.tokens()).endsWith("cd", "ab", "yz");
    }

    @Test
    void aPairCountsInEveryWordAsOftenAsTheWordOccurs() {
        // x y stands twice in one word, a b once in a word that occurs three times
        assertThat(merged(257, 1, "xyqxy", 1, "ab", 3).merges()).containsExactly(List.of("a", "b"));
        assertThat(merged(257, 1, "xyqxy", 2, "ab", 3).merges()).containsExactly(List.of("x", "y"));
    }

    @Test
    void aPairThatAMergeHasTakenApartIsNotMerged() {
        // b c stands in a b c alone, and a b comes first
        assertThat(merged(300, 2, "abc", 2, "ab", 1).merges()).containsExactly(List.of("a", "b"), List.of("ab", "c"));
    }

    @Test
    void stopsBelowTheFrequencyAndAtTheLimit() {
        assertThat(merged(300, 3, "ab", 2, "cd", 3).merges()).containsExactly(List.of("c", "d"));
        assertThat(merged(257, 1, "ab", 2, "cd", 3).tokens()).hasSize(257);
        assertThat(merged(10, 1, "ab", 2).tokens()).hasSize(256);
    }

    @Test
    void aCharacterOfSeveralBytesIsMergedOfItsBytes() {
        PairMerger merger = merged(300, 1, "é", 5);

        assertThat(merger.merges()).containsExactly(List.of("Ã", "©"));
        assertThat(merger.tokens()).endsWith("Ã©");
    }

    @Test
    void aWordOfOneByteOrNoneHasNoPair() {
        assertThat(merged(300, 1, "a", 9, "", 9).merges()).isEmpty();
    }

    private static PairMerger merged(int limit, int minFrequency, Object... wordsAndCounts) {
        Map<String, Integer> words = new LinkedHashMap<>();
        for (int i = 0; i < wordsAndCounts.length; i += 2) {
            words.put((String) wordsAndCounts[i], (Integer) wordsAndCounts[i + 1]);
        }
        PairMerger merger = new PairMerger(words);
        merger.mergeUntil(limit, minFrequency);
        return merger;
    }
}
