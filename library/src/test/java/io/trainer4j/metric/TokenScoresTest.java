package io.trainer4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenScoresTest {
    @Test
    void whatAnotherHasSeenIsAdded() {
        TokenScores one = new TokenScores();
        one.add(3, new int[] {1, 2}, new int[] {1, 3});
        TokenScores other = new TokenScores();
        other.add(1, new int[] {5, 5}, new int[] {5, 5});
        one.add(other);
        assertThat(one.count()).isEqualTo(4);
        assertThat(one.loss()).isEqualTo(1);
        assertThat(one.accuracy()).isEqualTo(0.75);
        assertThat(other.count()).as("the other stays as it is").isEqualTo(2);
    }

    @Test
    void lossesWithoutPredictionsCountAsTargets() {
        TokenScores scores = new TokenScores();
        scores.addLoss(6, 3);
        assertThat(scores.count()).isEqualTo(3);
        assertThat(scores.loss()).isEqualTo(2);
        assertThat(scores.accuracy()).isZero();
    }

    @Test
    void perplexityOfAGuessAmongEqualsIsTheirNumber() {
        TokenScores scores = new TokenScores();
        scores.add(5 * Math.log(32000), new int[5], new int[] {1, 2, 3, 4, 5});
        assertThat(scores.perplexity()).isCloseTo(32000, within(1e-6));
    }

    @Test
    void textScoresAreNamedAndCountEveryText() {
        TextScores scores = new TextScores(BleuTokenizer.V13A);
        scores.add("the cat sat here", "the cat sat here ");
        scores.add("no", "yes");
        assertThat(scores.values())
                .containsExactly(
                        Map.entry("exact_match", 0.5),
                        Map.entry("bleu", scores.values().get("bleu")),
                        Map.entry("rouge_l", 0.5));
        assertThat(scores.values().get("bleu")).isPositive();
    }

    @Test
    void exactMatchIsStrictWithinTheText() {
        TextScores scores = new TextScores(BleuTokenizer.V13A);
        scores.add("Yes", "yes");
        scores.add("a  b", "a b");
        scores.add("a.", "a");
        assertThat(scores.values().get("exact_match")).isZero();
    }
}
