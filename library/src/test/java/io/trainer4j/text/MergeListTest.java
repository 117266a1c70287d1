package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

class MergeListTest {
    private final ArrayNode merges = JsonMapper.shared().createArrayNode();

    /** Expected order: {@code generate_merges} of transformers 5.17. */
    @Test
    void ofTwoWaysToSpellAPieceTheShorterLeftPartComesFirst() {
        MergeList.writeForPieces(
                Map.of("a", 0, "b", 1, "c", 2, "ab", 3, "bc", 4, "abc", 5, "abab", 6, "aba", 7), merges);

        assertThat(written()).containsExactly("a b", "b c", "a bc", "ab c", "ab ab", "aba b", "ab a");
    }

    @Test
    void ofTwoWaysToSpellARankTheLowerLeftRankComesFirst() {
        Map<String, Integer> ranks = Map.of("a", 5, "b", 1, "c", 2, "ab", 3, "bc", 4, "abc", 6);
        MergeList.writeForRanks(ranks, merges);

        assertThat(written()).containsExactly("a b", "b c", "ab c", "a bc");
    }

    @Test
    void theOrderOfTheVocabularyDoesNotCount() {
        Map<String, Integer> ids = new TreeMap<>(Map.of("x", 9, "y", 8, "xy", 1, "yx", 0));
        MergeList.writeForPieces(ids, merges);

        assertThat(written()).containsExactly("y x", "x y");
    }

    @Test
    void aTokenThatNoTwoOthersSpellIsNoMerge() {
        MergeList.writeForPieces(Map.of("a", 0, "abc", 1, "bc", 2, "zz", 3), merges);

        assertThat(written()).containsExactly("a bc");
    }

    @Test
    void lengthsCountInCharactersAndNotInHalves() {
        // 😀a + b and 😀 + ab: the left part of one character comes first
        MergeList.writeForPieces(Map.of("😀", 0, "a", 1, "b", 2, "ab", 3, "😀a", 4, "😀ab", 5), merges);

        assertThat(written()).containsExactly("a b", "😀 a", "😀 ab", "😀a b");
    }

    private List<String> written() {
        return merges.values().stream()
                .map(pair -> pair.path(0).asString() + " " + pair.path(1).asString())
                .toList();
    }
}
