package io.trainer4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HtmlTest {
    @Test
    void thePageIsWholeAndLoadsNothing() {
        String page = new Html("标题 <1>").page();
        assertThat(page)
                .startsWith("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")
                .contains("<title>标题 &lt;1&gt;</title>", "<h1>标题 &lt;1&gt;</h1>", "width=device-width, initial-scale=1")
                .endsWith("</body>\n</html>\n")
                .doesNotContain("http:", "https:", "<script", "<link", "src=", "url(", "@import");
    }

    @Test
    void partsStandInTheOrderTheyAreAdded() {
        Html html = new Html("t");
        html.heading("A & B");
        html.paragraph("1 < 2");
        html.drawing("<svg/>");
        html.table(List.of("n"), List.of(List.of("x")));
        assertThat(html.page())
                .containsSubsequence("<h1>t</h1>", "<h2>A &amp; B</h2>", "<p>1 &lt; 2</p>", "<svg/>", "<table>")
                .contains("<table>\n<tr><th>n</th></tr>\n<tr><td>x</td></tr>\n</table>");
    }

    static Stream<Arguments> numbers() {
        return Stream.of(
                Arguments.of(3, "3"),
                Arguments.of(-7L, "-7"),
                Arguments.of(123456789012345L, "123456789012345"),
                Arguments.of(BigInteger.TEN.pow(30), "1000000000000000000000000000000"),
                Arguments.of(12.0, "12"),
                Arguments.of(0.0, "0"),
                Arguments.of(0.5, "0.5000"),
                Arguments.of(0.25f, "0.2500"),
                Arguments.of(2f, "2"),
                Arguments.of(-0.12345, "-0.1235"),
                Arguments.of(0.001, "0.0010"),
                Arguments.of(5e-5, "5.000e-05"),
                Arguments.of(-5e-5, "-5.000e-05"),
                Arguments.of(1234567.891, "1234567.8910"),
                Arguments.of(1.25e12, "1.250e+12"),
                Arguments.of(Double.NaN, "NaN"),
                Arguments.of(Double.POSITIVE_INFINITY, "Infinity"));
    }

    /** A small learning rate must not read as 0.0000 or 0.0001. */
    @ParameterizedTest
    @MethodSource("numbers")
    void numbersStandOnTheRightAndAreReadable(Number number, String expected) {
        assertThat(row(number)).isEqualTo("<td class=\"number\">" + expected + "</td>");
    }

    @Test
    void sharesHaveFourDigits() {
        assertThat(row(new Html.Share(1), new Html.Share(0), new Html.Share(2 / 3.0)))
                .isEqualTo("<td class=\"number\">1.0000</td><td class=\"number\">0.0000</td>"
                        + "<td class=\"number\">0.6667</td>");
    }

    @Test
    void aShadedNumberIsTheDarkerTheLargerItsShare() {
        assertThat(row(new Html.Shaded(0, 0), new Html.Shaded(12, 0.5), new Html.Shaded(7, 1)))
                .isEqualTo("<td class=\"number\" style=\"background: rgba(31, 119, 180, 0.00)\">0</td>"
                        + "<td class=\"number\" style=\"background: rgba(31, 119, 180, 0.35)\">12</td>"
                        + "<td class=\"number\" style=\"background: rgba(31, 119, 180, 0.70)\">7</td>");
    }

    @Test
    void everythingElseIsText() {
        assertThat(row("a\nb", "<i>", true)).isEqualTo("<td>a\nb</td><td>&lt;i&gt;</td><td>true</td>");
        assertThat(row("'\"&")).isEqualTo("<td>&#39;&quot;&amp;</td>");
        assertThat(row("&amp;")).isEqualTo("<td>&amp;amp;</td>");
    }

    @Test
    void aMatrixIsMarkedAsOne() {
        Html html = new Html("t");
        html.matrix(List.of("", "好"), List.of(List.of("好", 1)));
        assertThat(html.page())
                .contains(
                        "<table class=\"matrix\">\n<tr><th></th><th>好</th></tr>\n<tr><td>好</td><td class=\"number\">1</td></tr>")
                .contains(".matrix th + th { writing-mode: vertical-rl;");
    }

    /** Names of classes and answers may be long words, tables wide and screens narrow. */
    @Test
    void whatIsWideScrollsWithinThePage() {
        assertThat(new Html("t").page())
                .contains("display: block; overflow-x: auto")
                .contains(".chart { overflow-x: auto; }")
                .contains("overflow-wrap: anywhere")
                .contains("position: sticky")
                .contains("Noto Sans CJK SC")
                .contains("prefers-color-scheme: dark");
    }

    private static String row(Object... cells) {
        Html html = new Html("t");
        html.table(List.of("h"), List.of(Arrays.asList(cells)));
        String page = html.page();
        String body = page.substring(page.indexOf("</tr>\n<tr>") + 10);
        return body.substring(0, body.indexOf("</tr>"));
    }
}
