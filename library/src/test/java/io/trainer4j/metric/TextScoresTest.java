package io.trainer4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class TextScoresTest {
    private static final Map<BleuTokenizer, String> NAMES =
            Map.of(BleuTokenizer.ZH, "zh", BleuTokenizer.V13A, "13a", BleuTokenizer.CHAR, "char");

    static List<JsonNode> cases() {
        return Golden.cases("text");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bleuIsThatOfSacrebleu(JsonNode golden) {
        NAMES.forEach((tokenizer, name) -> {
            Bleu bleu = new Bleu(tokenizer);
            forEachPair(golden, bleu::add);
            assertThat(bleu.score())
                    .as(name)
                    .isCloseTo(golden.path("bleu").path(name).asDouble(), within(1e-9));
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rougeIsThatOfRougeScore(JsonNode golden) {
        for (BleuTokenizer tokenizer : List.of(BleuTokenizer.ZH, BleuTokenizer.V13A)) {
            TextScores scores = new TextScores(tokenizer);
            forEachPair(golden, scores::add);
            assertThat(scores.values().get("rouge_l"))
                    .as(NAMES.get(tokenizer))
                    .isCloseTo(golden.path("rouge_l").path(NAMES.get(tokenizer)).asDouble(), within(1e-12));
        }
    }

    private static void forEachPair(JsonNode golden, java.util.function.BiConsumer<String, String> comparison) {
        for (int i = 0; i < golden.path("predictions").size(); i++) {
            comparison.accept(
                    golden.path("predictions").path(i).asString(),
                    golden.path("references").path(i).asString());
        }
    }

    @Test
    void exactMatchForgivesWhiteSpaceAtTheEnds() {
        TextScores scores = new TextScores(BleuTokenizer.ZH);
        scores.add(" 对 \n", "对");
        scores.add("不 对", "不对");
        assertThat(scores.values().get("exact_match")).isEqualTo(0.5);
        assertThat(scores.values().keySet()).containsExactly("exact_match", "bleu", "rouge_l");
    }

    @Test
    void chineseTextsHaveTheChineseTokenizer() {
        assertThat(BleuTokenizer.of("BMI是24.5")).isEqualTo(BleuTokenizer.ZH);
        assertThat(BleuTokenizer.of("It is 24.5")).isEqualTo(BleuTokenizer.V13A);
        assertThat(BleuTokenizer.ZH.tokenize("BMI是24.5。")).containsExactly("BMI", "是", "24.5", "。");
    }

    @Test
    void perplexityAndTokenAccuracyCountTokensNotBatches() {
        TokenScores scores = new TokenScores();
        scores.add(Math.log(2) * 3, new int[] {1, 2, 3}, new int[] {1, 2, 4});
        scores.add(Math.log(4), new int[] {7}, new int[] {8});
        assertThat(scores.loss()).isCloseTo(Math.log(2) * 5 / 4, within(1e-12));
        assertThat(scores.perplexity()).isCloseTo(Math.pow(2, 1.25), within(1e-12));
        assertThat(scores.accuracy()).isEqualTo(0.5);
    }
}
