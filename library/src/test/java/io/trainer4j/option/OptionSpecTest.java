package io.trainer4j.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionSpecTest {
    private static final OptionSet OPTIONS = OptionSet.of(SampleOptions.class);

    @Test
    void namesFollowTheField() {
        OptionSpec option = OPTIONS.get("learningRate");

        assertThat(option.name()).isEqualTo("learningRate");
        assertThat(option.snakeName()).isEqualTo("learning_rate");
        assertThat(option.flags()).containsExactly("--learning-rate", "--learning_rate");
        assertThat(option.flag()).isEqualTo("--learning-rate");
        assertThat(OPTIONS.get("seed").flags()).containsExactly("--seed");
    }

    @Test
    void helpTypeAndDefaultFollowTheDeclaration() {
        OptionSpec option = OPTIONS.get("learningRate");

        assertThat(option.help()).isEqualTo("Rate.");
        assertThat(option.type()).isEqualTo(double.class);
        assertThat(option.defaultText()).contains("5.0e-5");
        assertThat(option.required()).isFalse();
        assertThat(OPTIONS.get("name").required()).isTrue();
        assertThat(OPTIONS.get("limit").defaultText()).isEmpty();
        assertThat(OPTIONS.get("mode").defaultText()).contains("fast");
    }

    @Test
    void expectedSaysTypeAndRange() {
        assertThat(OPTIONS.options().stream()
                        .collect(Collectors.toMap(OptionSpec::snakeName, OptionSpec::expected))
                        .entrySet())
                .extracting(entry -> entry.getKey() + ": " + entry.getValue())
                .containsExactlyInAnyOrder(
                        "row_count: a whole number of at least 1 and at most 10",
                        "seed: a whole number",
                        "learning_rate: a number of at least 0 and below 1",
                        "dry_run: true or false",
                        "limit: a whole number above 0",
                        "mode: one of fast, very_slow",
                        "name: a text",
                        "output_dir: a path",
                        "train_files: a path",
                        "columns: a text");
    }

    @Test
    void rangesReadAsPartOfASentence() {
        double none = Double.POSITIVE_INFINITY;

        assertThat(new Range(-none, none, -none, none)).hasToString("");
        assertThat(new Range(1, 10, -none, none)).hasToString(" of at least 1 and at most 10");
        assertThat(new Range(-none, 1, 0, none)).hasToString(" above 0 and at most 1");
        assertThat(new Range(-none, 0.5, -none, none)).hasToString(" of at most 0.5");
    }

    @Test
    void allowedValuesAreListedForEnumsAndBooleans() {
        assertThat(OPTIONS.get("mode").allowedValues()).containsExactly("fast", "very_slow");
        assertThat(OPTIONS.get("dry_run").allowedValues()).containsExactly("true", "false");
        assertThat(OPTIONS.get("seed").allowedValues()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1e-5, 1e-5", "2E-4, 2e-4", ".5, 0.5", "0, 0", "0.25, 0.25", "5e-05, 5e-5", "+0.1, 0.1", "0., 0"})
    void readsNumbersInAllNotations(String text, double expected) {
        assertThat(OPTIONS.get("learning_rate").parse("--learning-rate", text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "NaN", "Infinity", "1e999", "0.1f", "0x1p-3", "0,1", "1", "-0.1", " 0.1"})
    void refusesOtherNumbers(String text) {
        assertThatThrownBy(() -> OPTIONS.get("learning_rate").parse("--learning-rate", text))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("Option --learning-rate is ")
                .hasMessageEndingWith(" but must be a number of at least 0 and below 1.");
    }

    @Test
    void readsEachTypeOfValue() {
        assertThat(OPTIONS.get("row_count").parse("x", "10")).isEqualTo(10);
        assertThat(OPTIONS.get("seed").parse("x", "9000000000")).isEqualTo(9_000_000_000L);
        assertThat(OPTIONS.get("dry_run").parse("x", "True")).isEqualTo(true);
        assertThat(OPTIONS.get("dry_run").parse("x", "false")).isEqualTo(false);
        assertThat(OPTIONS.get("limit").parse("x", "3")).isEqualTo(3);
        assertThat(OPTIONS.get("mode").parse("x", "very_slow")).isEqualTo(SampleOptions.Mode.VERY_SLOW);
        assertThat(OPTIONS.get("name").parse("x", "true")).isEqualTo("true");
        assertThat(OPTIONS.get("output_dir").parse("x", "a/b")).isEqualTo(Path.of("a/b"));
    }

    @Test
    void expandsTheHomeFolder() {
        assertThat(OPTIONS.get("output_dir").parse("x", "~/out"))
                .isEqualTo(Path.of(System.getProperty("user.home"), "out"));
    }

    @Test
    void readsOneElementOfAListFromEachText() {
        assertThat(OPTIONS.get("train_files").parse("x", List.of("a.csv", "b,c.csv")))
                .isEqualTo(List.of(Path.of("a.csv"), Path.of("b,c.csv")));
        assertThat(OPTIONS.get("columns").parse("x", "a")).isEqualTo(List.of("a"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            row_count | 11      | Option --x is 11 but must be a whole number of at least 1 and at most 10.
            row_count | 0       | Option --x is 0 but must be a whole number of at least 1 and at most 10.
            row_count | 1.5     | Option --x is '1.5' but must be a whole number of at least 1 and at most 10.
            limit     | 0       | Option --x is 0 but must be a whole number above 0.
            dry_run   | yes     | Option --x is 'yes' but must be true or false.
            dry_run   | flase   | Option --x is 'flase' but must be true or false; did you mean false?
            mode      | slow    | Option --x is 'slow' but must be one of fast, very_slow.
            mode      | Fast    | Option --x is 'Fast' but must be one of fast, very_slow; did you mean fast?
            """)
    void saysWhatIsWrongWithAValue(String name, String text, String message) {
        assertThatThrownBy(() -> OPTIONS.get(name).parse("--x", text))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @Test
    void refusesAPathTheSystemCannotHold() {
        assertThatThrownBy(() -> OPTIONS.get("output_dir").parse("--output-dir", "a\0b"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("must be a path");
    }

    @Test
    void refusesSeveralTextsForOneValue() {
        assertThatThrownBy(() -> OPTIONS.get("seed").parse("--seed", List.of("1", "2")))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option --seed has 2 values [1, 2] but must be a whole number.");
    }

    @ParameterizedTest
    @CsvSource({
        "5e-5, 5.0e-5",
        "1e-8, 1.0e-8",
        "500, 500",
        "0, 0",
        "-1, -1",
        "0.1, 0.1",
        "2.5e10, 2.5e+10",
        "1e7, 1.0e+7"
    })
    void writesNumbersSoThatYamlReadersTakeThemForNumbers(double value, String text) {
        assertThat(ValueType.text(value)).isEqualTo(text);
        assertThat(Double.parseDouble(text)).isEqualTo(value);
    }
}
