package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellTest {
    @ParameterizedTest
    @CsvSource({"'7', 7", "' -7\t', -7", "'+7', 7", "'007', 7", "'９', 9"})
    void wholeNumbersMayHaveASignZerosAndSpaceAround(String text, long value) {
        assertThat(Cell.toLong("c", text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.0", "1e3", "0x10", "1,000", "9223372036854775808", "1 2"})
    void otherTextIsNoWholeNumber(String text) {
        assertThatThrownBy(() -> Cell.toLong("label", text))
                .isInstanceOf(UsageException.class)
                .hasMessage("Column \"label\" holds the text \"" + text + "\" where a whole number is needed;"
                        + " correct the data or name another column.");
    }

    // float(text) of Python takes these, and refuses those below
    @ParameterizedTest
    @CsvSource({"' 2 ', 2", ".5, 0.5", "5., 5", "-1E3, -1000", "+1e-2, 0.01", "NaN, NaN", "Infinity, Infinity"})
    void numbersAreWrittenAsInPython(String text, double value) {
        assertThat(Cell.toDouble("c", text)).isEqualTo(Double.valueOf(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1d", "12f", "3D", "0x1p3", "0X1.8P1", "1L", "1,5", "--1"})
    void theSuffixesAndHexadecimalDigitsOfJavaAreNoNumber(String text) {
        assertThatThrownBy(() -> Cell.toDouble("score", text))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(
                        "Column \"score\" holds the text \"" + text + "\" where a number is needed; correct the data");
    }

    @Test
    void numbersOfEveryKindAreRead() {
        assertThat(Cell.toDouble("c", 3)).isEqualTo(3);
        assertThat(Cell.toDouble("c", 2.5f)).isEqualTo(2.5);
        assertThat(Cell.toDouble("c", new BigInteger("100000000000000000000"))).isEqualTo(1e20);
        assertThatThrownBy(() -> Cell.toLong("c", new BigInteger("100000000000000000000")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("holds 100000000000000000000 where a whole number is needed");
        assertThatThrownBy(() -> Cell.toDouble("c", true)).hasMessageContaining("holds true where a number is needed");
    }

    @Test
    void tokenIdsMayComeAsTextsOfNumbers() {
        assertThat(Cell.toInts("ids", List.of("1", 2, 3L))).containsExactly(1, 2, 3);
        assertThat(Cell.toInts("ids", List.of())).isEmpty();
        assertThatThrownBy(() -> Cell.toInts("ids", Arrays.asList(1, null)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Column \"ids\" holds an empty cell where a whole number is needed");
        assertThatThrownBy(() -> Cell.toInts("ids", List.of(-2147483649L)))
                .hasMessageContaining("holds -2147483649 where a whole number of at most 32 bits is needed");
        assertThatThrownBy(() -> Cell.toInts("ids", null)).hasMessageContaining("a list of whole numbers is needed");
    }

    @Test
    void textIsNotMadeOfStructures() {
        assertThat(Cell.toText("c", 2.5)).isEqualTo("2.5");
        assertThat(Cell.toText("c", false)).isEqualTo("false");
        assertThatThrownBy(() -> Cell.toText("c", new int[] {1}))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("holds a value of type int[] where text is needed");
        assertThatThrownBy(() -> Cell.toText("c", Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("where text is needed");
    }

    @ParameterizedTest
    @CsvSource({"yes", "1", "' true'", "t"})
    void onlyTrueAndFalseAreTruthValues(String text) {
        assertThatThrownBy(() -> Cell.toBoolean("c", text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("holds the text \"" + text + "\" where true or false is needed");
    }

    @Test
    void longTextIsShownOnOneLineAndNotCutInsideACharacter() {
        assertThat(Cell.shorten("a\r\nb\nc\u2028d")).isEqualTo("a b c d");
        assertThat(Cell.shorten("😀".repeat(40))).isEqualTo("😀".repeat(40));
        assertThat(Cell.shorten("😀".repeat(41))).isEqualTo("😀".repeat(40) + "…");
    }
}
