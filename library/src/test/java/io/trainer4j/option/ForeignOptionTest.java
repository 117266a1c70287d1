package io.trainer4j.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.option.ForeignOption.Ineffective;
import io.trainer4j.option.ForeignOption.OneValue;
import io.trainer4j.option.ForeignOption.Renamed;
import io.trainer4j.option.ForeignOption.Successor;
import io.trainer4j.option.ForeignOption.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignOptionTest {
    private static final OptionSet OPTIONS = OptionSet.of(Newer.class);

    @TempDir
    private Path folder;

    static final class Newer extends Options<Newer> {
        @Option(help = "Strategy.")
        private String strategy = "no";

        @Option(help = "Kept.", noEffect = "nothing is kept")
        private int kept = 1;

        String strategy() {
            return strategy;
        }

        int kept() {
            return kept;
        }

        Newer kept(int value) {
            return with(copy -> copy.kept = value);
        }

        @Override
        protected List<ForeignOption> foreignOptions() {
            return List.of(
                    new Renamed("old_strategy", "no", "strategy", Map.of("True", "steps")),
                    new Ineffective("hub_token", "<HUB_TOKEN>", "nothing leaves this machine"),
                    new Unavailable("deepspeed", "", "a run has one process"),
                    new Unavailable("kept", "", "never reached, because the field is declared"));
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"usual", "", "none", "None", "null", "[]", "{}", "false", "False", "FALSE"})
    void valuesThatAskForNothingArePassedOver(String text) {
        assertThat(new Unavailable("x", "usual", "r").accept("x", text)).isEmpty();
        assertThat(new Ineffective("x", "usual", "r").accept("x", text)).isEmpty();
        assertThat(new Renamed("x", "usual", "y", Map.of()).accept("x", text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "true", "Usual", "[1]", "{\"a\":1}", "no"})
    void otherValuesAskForSomething(String text) {
        assertThat(new Ineffective("x", "usual", "r").asksForNothing(text)).isFalse();
    }

    @Test
    void whatChangesNothingOrHasAnotherNameIsNoted() throws IOException {
        List<String> notes = new ArrayList<>();
        Path file =
                Files.writeString(folder.resolve("run.yaml"), "old_strategy: epoch\nhub_token: secret\ndeepspeed: {}");
        ConfigFile.read(file, OPTIONS, notes::add);
        assertThat(notes)
                .containsExactly(
                        "Option old_strategy (%s, line 1) is now called strategy; the run takes it as strategy: epoch."
                                .formatted(file),
                        "Option hub_token (%s, line 2) has no effect here: nothing leaves this machine."
                                .formatted(file));
    }

    @Test
    void aRenamedOptionSetsItsSuccessor() {
        ForeignOption renamed = OPTIONS.foreign("--old-strategy").orElseThrow();

        assertThat(renamed.accept("x", "epoch")).contains(new Successor("strategy", "epoch"));
        assertThat(renamed.accept("x", "True")).contains(new Successor("strategy", "steps"));
    }

    @Test
    void anUnavailableOptionSaysWhyAndWhatToDo() {
        ForeignOption unavailable = OPTIONS.foreign("deepspeed").orElseThrow();

        assertThatThrownBy(() -> unavailable.accept("--deepspeed", "ds.json"))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option --deepspeed is not available here: a run has one process; leave it out.");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"true", "True", "", "none", "None", "null"})
    void anOptionWithOneValueTakesItAndNothing(String text) {
        assertThat(new OneValue("x", "true", "r").accept("x", text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "False", "0", "[]"})
    void anOptionWithOneValueRefusesAllOthers(String text) {
        assertThatThrownBy(() -> new OneValue("x", "true", "r").accept("x", text))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option x is not available here: r; leave it out.");
    }

    @Test
    void aDeclaredOptionComesBeforeAForeignOneOfItsName() {
        assertThat(OPTIONS.foreign("kept")).isEmpty();
        assertThat(OPTIONS.foreignOptions())
                .extracting(ForeignOption::name)
                .containsExactly("old_strategy", "hub_token", "deepspeed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run.yaml | old_strategy: epoch                     | epoch
            run.yaml | oldStrategy: True                       | steps
            run.json | {"old_strategy": "no"}                  |
            run.yaml | hub_token: secret                       |
            run.yaml | deepspeed: {}                           |
            run.json | {"deepspeed": [], "strategy": "steps"}  | steps
            run.yaml | deepspeed: ~                            |
            run.json | {"old_strategy": "epoch", "strategy": "no"}    | epoch
            run.json | {"strategy": "steps", "old_strategy": "True"}  | steps
            """)
    void aFileMayHoldThem(String name, String content, String strategy) throws IOException {
        Map<OptionSpec, Object> values = read(name, content);

        assertThat(values.get(OPTIONS.get("strategy"))).isEqualTo(strategy);
        assertThat(values).hasSize(strategy == null ? 0 : 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            strategy: steps | old_strategy: epoch  | Option old_strategy (FILE, line 2) and strategy are the same; remove one of them.
            old_strategy: x| strategy: epoch       | Option old_strategy (FILE, line 1) and strategy are the same; remove one of them.
            kept: 1        | deepspeed: {a: [1]}   | Option deepspeed (FILE, line 2) is not available here: a run has one process; leave it out.
            kept: 1        | deep_sped: 1          | There is no option deep_sped (FILE, line 2); the help lists all options.
            """)
    void aFileThatAsksForTooMuchIsNamedWithItsLine(String first, String second, String message) {
        String file = folder.resolve("run.yaml").toString();

        assertThatThrownBy(() -> read("run.yaml", first + "\n" + second + "\n"))
                .isInstanceOf(UsageException.class)
                .hasMessage(message.replace("FILE", file));
    }

    @Test
    void notesNameOptionsThatAreSetAndChangeNothing() {
        assertThat(new Newer().notes()).isEmpty();
        assertThat(new Newer().kept(1).notes()).isEmpty();
        assertThat(new Newer().kept(2).kept()).isEqualTo(2);
        assertThat(new Newer().kept(2).notes()).containsExactly("Option kept has no effect here: nothing is kept.");
    }

    private Map<OptionSpec, Object> read(String name, String content) throws IOException {
        return ConfigFile.read(Files.writeString(folder.resolve(name), content), OPTIONS);
    }
}
