package io.trainer4j.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionSetTest {
    private static final OptionSet OPTIONS = OptionSet.of(SampleOptions.class);

    static final class MoreOptions extends Options<MoreOptions> {
        @Option(help = "Depth.")
        private int depth = 1;

        int depth() {
            return depth;
        }
    }

    static final class SecondSeed extends Options<SecondSeed> {
        @Option(help = "Seed.")
        private int seed = 1;

        int seed() {
            return seed;
        }
    }

    static final class Unsupported extends Options<Unsupported> {
        @Option(help = "Letter.")
        private char letter = 'a';

        char letter() {
            return letter;
        }
    }

    @Test
    void listsAnnotatedFieldsInOrder() {
        assertThat(OPTIONS.options())
                .extracting(OptionSpec::name)
                .containsExactly(
                        "rowCount",
                        "seed",
                        "learningRate",
                        "dryRun",
                        "limit",
                        "mode",
                        "name",
                        "outputDir",
                        "trainFiles",
                        "columns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"learning_rate", "learning-rate", "learningRate", "--learning-rate", "--learning_rate"})
    void findsANameInAnySpelling(String spelling) {
        assertThat(OPTIONS.get(spelling).name()).isEqualTo("learningRate");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            learnin_rate   | There is no option learnin_rate; did you mean learning_rate?
            learninRate    | There is no option learninRate; did you mean learning_rate?
            --learnin-rate | There is no option --learnin-rate; did you mean --learning-rate?
            banana         | There is no option banana; the help lists all options.
            """)
    void namesTheNearestOption(String name, String message) {
        assertThatThrownBy(() -> OPTIONS.get(name))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @Test
    void unitesClasses() {
        OptionSet both = OptionSet.of(SampleOptions.class, MoreOptions.class);

        assertThat(both.get("depth").defaultText()).contains("1");
        assertThat(both.get("seed")).isSameAs(OPTIONS.get("seed"));
    }

    @Test
    void refusesTheSameOptionInTwoClasses() {
        assertThatThrownBy(() -> OptionSet.of(SampleOptions.class, SecondSeed.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seed");
    }

    @Test
    void refusesAFieldTypeItCannotRead() {
        assertThatThrownBy(() -> OptionSet.of(Unsupported.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("char");
    }
}
