package io.trainer4j.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypeTest {
    enum Pace {
        @AlsoCalled({"slowly", "snail"})
        VERY_SLOW,
        FAST
    }

    @ParameterizedTest
    @CsvSource({
        "very_slow, VERY_SLOW",
        "very-slow, VERY_SLOW",
        "slowly, VERY_SLOW",
        "SNAIL, VERY_SLOW",
        "fast, FAST",
    })
    void aConstantIsFoundByItsNameAndByWhatItIsAlsoCalled(String text, Pace pace) {
        assertThat(parse(Pace.class, text)).isEqualTo(pace);
    }

    @Test
    void whatAConstantIsAlsoCalledIsNotListed() {
        ValueType type = ValueType.of(Pace.class);

        assertThat(type.words()).containsExactly("very_slow", "fast");
        assertThat(type.noun()).isEqualTo("one of very_slow, fast");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "very slow", "VERY_SLOW", "fasts"})
    void otherWordsAreNoConstant(String text) {
        assertThatThrownBy(() -> parse(Pace.class, text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "-2147483649", "1.0", "1e3", "0x10", "1_000", " 1", ""})
    void anIntegerIsWrittenInDigitsAndFits(String text) {
        assertThatThrownBy(() -> parse(int.class, text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void integersReachToTheirBounds() {
        assertThat(parse(Integer.class, "-2147483648")).isEqualTo(Integer.MIN_VALUE);
        assertThat(parse(long.class, "9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> parse(Long.class, "9223372036854775808")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anObjectKeepsTheTypesAndTheOrderOfItsValues() {
        Object parsed = parse(Map.class, "{\"power\": 2, \"lr_end\": 1e-7, \"name\": \"x\", \"on\": true}");

        assertThat(parsed).isEqualTo(Map.of("power", 2, "lr_end", 1e-7, "name", "x", "on", true));
        assertThat(((Map<?, ?>) parsed).keySet().toString()).isEqualTo("[power, lr_end, name, on]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "power=2", "[1]", "2", "{\"power\": }", "{\"power\": 2"})
    void otherTextIsNoObject(String text) {
        assertThatThrownBy(() -> parse(Map.class, text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anObjectCannotBeChanged() {
        @SuppressWarnings("unchecked")
        Map<String, Object> object = (Map<String, Object>) parse(Map.class, "{\"power\": 2}");

        assertThatThrownBy(() -> object.put("power", 3)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aTildeStandsForTheHomeFolderAtTheStartOnly() {
        Path home = Path.of(System.getProperty("user.home"));

        assertThat(parse(Path.class, "~/a/b")).isEqualTo(home.resolve("a/b"));
        assertThat(parse(Path.class, "a/~/b")).isEqualTo(Path.of("a/~/b"));
        assertThat(parse(Path.class, "~user/a")).isEqualTo(Path.of("~user/a"));
    }

    @Test
    void textOfOtherValuesReadsAsInFiles() {
        assertThat(ValueType.text(Pace.VERY_SLOW)).isEqualTo("very_slow");
        assertThat(ValueType.text(null)).isEqualTo("null");
        assertThat(ValueType.text(true)).isEqualTo("true");
        assertThat(ValueType.text(Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
        assertThat(ValueType.text(Path.of("a", "b"))).isEqualTo("a/b");
        assertThat(ValueType.text(List.of(1, 2))).isEqualTo("[1, 2]");
    }

    @Test
    void everyTypeHasANoun() {
        assertThat(Arrays.asList(int.class, double.class, boolean.class, String.class, Path.class, Map.class))
                .extracting(type -> ValueType.of(type).noun())
                .containsExactly(
                        "a whole number",
                        "a number",
                        "true or false",
                        "a text",
                        "a path",
                        "a JSON object such as {\"power\": 2}");
    }

    private static Object parse(Class<?> type, String text) {
        return ValueType.of(type).parser().apply(text);
    }
}
