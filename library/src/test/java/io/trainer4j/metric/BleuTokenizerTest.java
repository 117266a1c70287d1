package io.trainer4j.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BleuTokenizerTest {
    /** The rules of mteval-v13a.pl, one after the other. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Hello, world! | Hello , world !
            1,000.5 apples | 1,000.5 apples
            It costs 3.14. | It costs 3.14 .
            e.g. this | e . g . this
            it's | it's
            state-of-the-art | state-of-the-art
            5-6 | 5 - 6
            a-5 | a-5
            $3.50 | $ 3.50
            100% | 100 %
            #tag @me | # tag @ me
            AT&amp;T | AT & T
            &lt;b&gt; | < b >
            &quot;so&quot; | " so "
            x/y=z | x / y = z
            (a) [b] {c} | ( a ) [ b ] { c }
            a_b^c`d~e | a _ b ^ c ` d ~ e
            what?! | what ? !
            a:b;c | a : b ; c
            1,a a,1 | 1 , a a , 1
            .5 5. | . 5 5 .
            <skipped>kept | kept
            """)
    void wordsAreCutByPunctuation(String text, String words) {
        assertThat(BleuTokenizer.V13A.tokenize(text)).containsExactly(words.split(" "));
    }

    @Test
    void aWordHyphenatedAcrossLinesIsOne() {
        assertThat(BleuTokenizer.V13A.tokenize("hyphen-\nated\nline")).containsExactly("hyphenated", "line");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            多喝水。 | 多 喝 水 。
            血压140/90mmHg | 血 压 140 / 90mmHg
            BMI是24.5！ | BMI 是 24.5 ！
            “好”——吗？ | “ 好 ” — — 吗 ？
            Ｑ＆Ａ | Ｑ ＆ Ａ
            1,000元 | 1,000 元
            㐀龥豈 | 㐀 龥 豈
            don't吃 | don't 吃
            """)
    void chineseCharactersAreWords(String text, String words) {
        assertThat(BleuTokenizer.ZH.tokenize(text)).containsExactly(words.split(" "));
    }

    @Test
    void everyCharacterButWhiteSpaceIsAWord() {
        assertThat(BleuTokenizer.CHAR.tokenize(" a b\t好\u3000!😀\n")).containsExactly("a", "b", "好", "!", "😀");
        assertThat(BleuTokenizer.CHAR.tokenize("3.5")).containsExactly("3", ".", "5");
    }

    @Test
    void whiteSpaceIsThatOfPython() {
        String spaces =
                "\t\n\u000b\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000";
        for (BleuTokenizer tokenizer : BleuTokenizer.values()) {
            assertThat(tokenizer.tokenize(spaces)).as(tokenizer.name()).isEmpty();
        }
        assertThat(BleuTokenizer.V13A.tokenize("a" + spaces + "b")).containsExactly("a", "b");
        assertThat(BleuTokenizer.V13A.tokenize("a\u200bb"))
                .as("a zero-width space is none")
                .hasSize(1);
    }

    @Test
    void anEmptyTextHasNoWords() {
        for (BleuTokenizer tokenizer : BleuTokenizer.values()) {
            assertThat(tokenizer.tokenize("")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "plain English, V13A",
        "naïve café, V13A",
        "ひらがな, V13A",
        "你好, ZH",
        "a 𠮷 b, ZH",
        "'', V13A",
        "3.5！, V13A"
    })
    void theTokenizerFollowsFromTheCharacters(String text, BleuTokenizer expected) {
        assertThat(BleuTokenizer.of(text)).isEqualTo(expected);
    }
}
