package io.trainer4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Line breaks of other systems, and where tokens stand. */
class TokensTest {
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void allLineBreaksAreOne(String newline) {
        String template = String.join(newline, "a", "{% if true %}", "  b", "{% endif %}", "{{ 'x' }}", "c", "");
        assertThat(Templates.text(template)).isEqualTo("a\n  b\nx\nc");
        assertThat(Templates.placedFault(String.join(newline, "", "", " {{ x.y }}")))
                .isEqualTo("3:6 'x' is undefined");
    }

    @Test
    void onlyOneLineBreakAtTheEndGoes() {
        assertThat(Lexer.normalize("a\n\n")).isEqualTo("a\n");
        assertThat(Lexer.normalize("a\r\n")).isEqualTo("a");
        assertThat(Lexer.normalize("a")).isEqualTo("a");
        assertThat(Lexer.normalize("")).isEmpty();
    }

    @Test
    void tokensKnowWhereTheyStand() {
        assertThat(tokens("a{{ b.c+1 }}\n{% if 'x' %}"))
                .containsExactly(
                        "DATA a 0",
                        "OUTPUT_BEGIN  1",
                        "NAME b 4",
                        "OPERATOR . 5",
                        "NAME c 6",
                        "OPERATOR + 7",
                        "INTEGER 1 8",
                        "OUTPUT_END  10",
                        "DATA \n 12",
                        "BLOCK_BEGIN  13",
                        "NAME if 16",
                        "STRING x 19",
                        "BLOCK_END  23",
                        "END  25");
    }

    @Test
    void operatorsAreReadAsLongAsPossible() {
        assertThat(tokens("{{ a**b//c>=d<=e==f!=g }}").stream()
                        .filter(token -> token.startsWith("OPERATOR"))
                        .collect(Collectors.joining(",")))
                .isEqualTo("OPERATOR ** 4,OPERATOR // 7,OPERATOR >= 10,OPERATOR <= 13,OPERATOR == 16,OPERATOR != 19");
    }

    @Test
    void numbersAreReadWithTheirType() {
        assertThat(tokens("{{ 1 1.5 1e3 a.1 0x1f }}").stream()
                        .filter(token -> token.startsWith("INTEGER") || token.startsWith("FLOAT"))
                        .toList())
                .containsExactly("INTEGER 1 3", "FLOAT 1.5 5", "FLOAT 1e3 9", "INTEGER 1 15", "INTEGER 0x1f 17");
    }

    private static List<String> tokens(String template) {
        return Lexer.tokens(template).stream()
                .map(token -> token.kind() + " " + token.text() + " " + token.at())
                .toList();
    }
}
