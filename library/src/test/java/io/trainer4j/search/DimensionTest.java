package io.trainer4j.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DimensionTest {
    @Test
    void everyKindIsRead() {
        assertThat(Dimension.parse("x", "uniform:0,0.1")).isEqualTo(new Dimension.Uniform(0, 0.1));
        assertThat(Dimension.parse("x", "uniform: -1 , 1e2 ")).isEqualTo(new Dimension.Uniform(-1, 100));
        assertThat(Dimension.parse("x", "loguniform:1e-5,1e-3")).isEqualTo(new Dimension.LogUniform(1e-5, 1e-3));
        assertThat(Dimension.parse("x", "int:-3,4")).isEqualTo(new Dimension.WholeNumber(-3, 4));
        assertThat(Dimension.parse("x", "choice:linear, cosine")).isEqualTo(choice("linear", "cosine"));
        assertThat(Dimension.parse("x", "choice:only")).isEqualTo(choice("only"));
        assertThat(Dimension.parse("x", "choice:a:b,c=d")).isEqualTo(choice("a:b", "c=d"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform:-2,0.5", "loguniform:1e-300,3", "int:-7,12", "choice:是,否,1e-3"})
    void itsTextIsReadAgain(String text) {
        Dimension dimension = Dimension.parse("x", text);
        assertThat(Dimension.parse("x", dimension.text())).isEqualTo(dimension);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "uniform",
                "uniform:",
                "uniform:1,1",
                "uniform:a,b",
                "uniform:0,1,2",
                "uniform:NaN,1",
                "uniform:0,Infinity",
                "loguniform:-1,1",
                "loguniform:0,1",
                "loguniform:2,1",
                "int:3,3",
                "int:1.0,2.0",
                "int:0,99999999999999999999",
                "int:1",
                "choice:",
                "choice:a,",
                "choice:a,b,a",
                "Uniform:0,1",
                ":0,1",
                "gaussian:0,1"
            })
    void whatIsNoDimensionIsRefusedWithItsOption(String text) {
        assertThatThrownBy(() -> Dimension.parse("weight_decay", text))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("The search space of weight_decay is \"" + text + "\" but must be one of");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            uniform:0.1,0.3
            uniform:-1e-3,7e-3
            uniform:0.7,1.1
            uniform:0.03,0.3
            uniform:0.06,0.9
            uniform:1e15,2e15
            loguniform:1e-5,1e-1
            loguniform:0.1,0.3
            loguniform:3e-300,5e300
            """)
    void realNumbersStayBetweenTheirEnds(String text) {
        Dimension dimension = Dimension.parse("x", text);
        double[] ends = java.util.Arrays.stream(text.replaceFirst(".*:", "").split(","))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(Double.parseDouble(dimension.at(0))).isCloseTo(ends[0], within(Math.abs(ends[0]) * 1e-12));
        for (double position : new double[] {0, 1e-12, 0.25, 0.5, 0.999999, Math.nextDown(1.0), 1}) {
            assertThat(Double.parseDouble(dimension.at(position)))
                    .as("at %s", position)
                    .isBetween(ends[0], ends[1]);
        }
    }

    @Test
    void positionsOfRealNumbersAreTheInverse() {
        for (Dimension dimension : List.of(new Dimension.Uniform(-3, 5), new Dimension.LogUniform(1e-6, 10))) {
            for (double position = 0; position <= 1; position += 0.125) {
                assertThat(dimension.position(dimension.at(position))).isCloseTo(position, within(1e-9));
            }
        }
        assertThat(new Dimension.LogUniform(1e-4, 1).at(0.25)).startsWith("0.001");
    }

    @Test
    void wholeNumbersShareTheIntervalEvenly() {
        Dimension dice = new Dimension.WholeNumber(1, 6);
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 600; i++) {
            counts.merge(dice.at((i + 0.5) / 600), 1, Integer::sum);
        }
        assertThat(counts)
                .hasSize(6)
                .allSatisfy((face, count) -> assertThat(count).isEqualTo(100));
        for (int face = 1; face <= 6; face++) {
            assertThat(dice.at(dice.position("" + face))).isEqualTo("" + face);
            assertThat(dice.position("" + face)).isCloseTo((face - 0.5) / 6, within(1e-12));
        }
        assertThat(new Dimension.WholeNumber(-2, 2).at(0.5)).isEqualTo("0");
        assertThat(new Dimension.WholeNumber(-2, 2).at(0)).isEqualTo("-2");
        assertThat(new Dimension.WholeNumber(-2, 2).at(1)).isEqualTo("2");
    }

    @Test
    void choicesShareTheIntervalEvenly() {
        Dimension choice = choice("x", "y", "z");
        assertThat(List.of(choice.at(0), choice.at(0.33), choice.at(0.34), choice.at(0.66), choice.at(0.67)))
                .containsExactly("x", "x", "y", "y", "z");
        assertThat(choice.at(1)).isEqualTo("z");
        assertThat(choice.at(choice.position("y"))).isEqualTo("y");
    }

    @Test
    void theValuesOfAChoiceAreCopied() {
        List<String> values = new java.util.ArrayList<>(List.of("a", "b"));
        Dimension.Choice choice = new Dimension.Choice(values);
        values.set(0, "c");
        assertThat(choice.values()).containsExactly("a", "b");
    }

    @Test
    void aSpaceKeepsTheOrderOfItsTexts() {
        SearchSpace space = SearchSpace.parse(List.of(
                "weight_decay = uniform:0,1", "--learning-rate=loguniform:1e-5,1", "optim=choice:sgd,adafactor"));
        assertThat(space.dimensions().keySet()).containsExactly("weight_decay", "learning_rate", "optim");
        assertThat(space.dimensions().get("weight_decay")).isEqualTo(new Dimension.Uniform(0, 1));
        assertThat(SearchSpace.parse(List.of()).dimensions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            int:1,2 | has no name; write it like learning_rate=loguniform:1e-5,1e-3.
            =int:1,2 | has no name; write it like learning_rate=loguniform:1e-5,1e-3.
            --=int:1,2 | has no name; write it like learning_rate=loguniform:1e-5,1e-3.
            """)
    void aTextWithoutANameIsRefused(String text, String message) {
        assertThatThrownBy(() -> SearchSpace.parse(List.of(text)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> SearchSpace.parse(List.of("  " + text)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anOptionNamedTwiceIsRefusedInEitherSpelling() {
        assertThatThrownBy(() -> SearchSpace.parse(List.of("weight_decay=uniform:0,1", "--weight-decay=uniform:0,2")))
                .isInstanceOf(UsageException.class)
                .hasMessage("The search space names weight_decay twice; remove one of them.");
    }

    private static Dimension.Choice choice(String... values) {
        return new Dimension.Choice(List.of(values));
    }
}
