package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpaceCleanUpTest {
    /** Expected texts: {@code clean_up_tokenization} of transformers 5.17. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            `hello , world .`        | `hello, world.`
            `it 's n't 've 're 'm`   | `it'sn't've're'm`
            `a ? b !`                | `a? b!`
            ` ' x ' `                | `'x'`
            `do not . . .`           | `do not...`
            `a  .`                   | `a .`
            ` 'Tis`                  | ` 'Tis`
            ` . `                    | `. `
            `a ; b`                  | `a ; b`
            """)
    void spacesBeforePunctuationGo(String text, String cleaned) {
        assertThat(SpaceCleanUp.apply(text)).isEqualTo(cleaned);
    }
}
