package io.trainer4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BleuTest {
    /**
     * {@code corpus_bleu} of NLTK 3.8 with {@code SmoothingFunction().method3}, times 100: prediction &gt; reference, texts
     * of one corpus separated by semicolons. The first is the degenerate case of Papineni et al. 2002, the two long ones
     * are NLTK's own examples.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            the the the the the the the > the cat is on the mat | 7.809849842300641
            a b c d > a b c d | 100.0
            a b c d e > a b c d f | 66.8740304976422
            a b c d > a b c d e f g h | 36.787944117144235
            a b c d e f g h > a b c d | 34.5720784641941
            a b x d e > a b c d e | 30.21375397356768
            d c b a > a b c d | 22.59005009024612
            a a a a a > a a a a | 66.8740304976422
            a b c d e f > b c d e f g | 75.98356856515926
            a b c d > x y z d | 15.973577606156814
            a b c d e > a b c d e ; f g h i > j k l m | 59.69491792019645
            a b c d e f g > a b c d z f g ; h i j k l > h i j l k | 43.05867649816835
            w x y z w x y z > w x y z | 34.5720784641941
            it is a guide to action which ensures that the military always obeys the commands of the party > it is a guide to action that ensures that the military will forever heed party commands | 42.08598069524091
            he read the book because he was interested in world history > he was interested in world history because he read the book | 74.00828044922852
            """)
    void theFigureIsThatOfNltk(String corpus, double expected) {
        Bleu bleu = new Bleu(BleuTokenizer.V13A);
        for (String pair : corpus.split(" ; ", -1)) {
            String[] texts = pair.split(" > ", -1);
            bleu.add(texts[0], texts[1]);
        }
        assertThat(bleu.score()).isCloseTo(expected, within(1e-9));
    }

    @Test
    void aRepeatedWordCountsAsOftenAsTheReferenceHasIt() {
        // 2 of 7 words, then 0 of 6, 5 and 4 as 1/2, 1/4 and 1/8.
        assertThat(bleu("the the the the the the the", "the cat is on the mat"))
                .isCloseTo(100 * Math.pow(2 / 7.0 / 12 / 20 / 32, 0.25), within(1e-9));
    }

    @Test
    void shortTextsPayForTheirBrevity() {
        assertThat(bleu("a b c d", "a b c d e")).isCloseTo(100 * Math.exp(1 - 5 / 4.0), within(1e-9));
        assertThat(bleu("a b c d e", "a b c d")).isLessThan(100).isGreaterThan(60);
    }

    @Test
    void upperAndLowerCaseDiffer() {
        assertThat(bleu("A b c d", "a b c d")).isLessThan(100);
    }

    @Test
    void whatHasNoFourWordsOrNothingInCommonScoresZero() {
        assertThat(bleu("a b c", "a b c")).isZero();
        assertThat(bleu("", "a b c d")).isZero();
        assertThat(bleu("a b c d", "")).isZero();
        assertThat(bleu("w x y z", "a b c d")).isZero();
        assertThat(new Bleu(BleuTokenizer.V13A).score()).isZero();
    }

    @Test
    void theCorpusIsOneTextNotTheMeanOfItsTexts() {
        Bleu both = new Bleu(BleuTokenizer.V13A);
        both.add("a b c d e", "a b c d e");
        both.add("x y", "x y");
        assertThat(both.score()).isCloseTo(100, within(1e-9));
    }

    @Test
    void chineseIsComparedByCharacters() {
        Bleu words = new Bleu(BleuTokenizer.ZH);
        words.add("多喝水少吃盐", "多喝水少吃盐");
        assertThat(words.score()).isCloseTo(100, within(1e-9));
        Bleu unsegmented = new Bleu(BleuTokenizer.V13A);
        unsegmented.add("多喝水少吃盐", "多喝水少吃盐");
        assertThat(unsegmented.score()).as("one word").isZero();
    }

    private static double bleu(String prediction, String reference) {
        Bleu bleu = new Bleu(BleuTokenizer.V13A);
        bleu.add(prediction, reference);
        return bleu.score();
    }
}
