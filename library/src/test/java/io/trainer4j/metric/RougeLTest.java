package io.trainer4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RougeLTest {
    /** The first three are the examples of Lin 2004, section 3.1: 3/4, 2/4 and 2/4 with equal lengths. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            police kill the gunman | police killed the gunman | 0.75
            the gunman kill police | police killed the gunman | 0.5
            the gunman police killed | police killed the gunman | 0.5
            a b c | a b c | 1
            a b c | x y z | 0
            a b c | a x b y c | 0.75
            a | a b c d e f g | 0.25
            c b a | a b c | 0.3333333333333333
            a a a | a | 0.5
            a b a b | b a b a | 0.75
            The CAT, sat! | the cat sat | 1
            it's 5-6 | it s 5 6 | 1
            the quick dog jumps over the lazy fox | the quick brown fox jumps over the lazy dog | 0.7058823529411765
            """)
    void wordsInOrderCount(String prediction, String reference, double expected) {
        RougeL rouge = RougeL.ofWords();
        rouge.add(prediction, reference);
        assertThat(rouge.score()).isCloseTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            多喝水 | 多喝水 | 1
            多喝水 | 要多喝热水 | 0.75
            水喝多 | 多喝水 | 0.3333333333333333
            A b | Ab | 1
            好 | 坏 | 0
            A | a | 0
            """)
    void charactersInOrderCount(String prediction, String reference, double expected) {
        RougeL rouge = RougeL.ofCharacters();
        rouge.add(prediction, reference);
        assertThat(rouge.score()).isCloseTo(expected, within(1e-12));
    }

    @Test
    void theFigureIsTheMeanOverTexts() {
        RougeL rouge = RougeL.ofWords();
        rouge.add("a b", "a b");
        rouge.add("a b", "x y");
        rouge.add("a b", "a c");
        assertThat(rouge.score()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void predictionAndReferenceMayChangePlaces() {
        RougeL there = RougeL.ofWords();
        there.add("a b c d e", "b d x");
        RougeL back = RougeL.ofWords();
        back.add("b d x", "a b c d e");
        assertThat(there.score()).isEqualTo(back.score()).isEqualTo(0.5);
    }

    @Test
    void emptyTextsScoreZero() {
        RougeL rouge = RougeL.ofWords();
        rouge.add("", "a b");
        rouge.add("a b", "");
        rouge.add("", "");
        rouge.add("你好", "你好");
        assertThat(rouge.score()).as("Chinese has no words of a-z").isZero();
    }
}
