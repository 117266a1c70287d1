package io.trainer4j.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    private static final OptionSet OPTIONS = OptionSet.of(SampleOptions.class);

    @TempDir
    private Path folder;

    private Map<OptionSpec, Object> read(String name, String content) throws IOException {
        return ConfigFile.read(Files.writeString(folder.resolve(name), content), OPTIONS);
    }

    @Test
    void readsYamlInTheOrderOfTheFile() throws IOException {
        Map<OptionSpec, Object> values = read("run.yaml", """
                # a comment
                learning_rate: 1e-5
                row-count: 3
                dryRun: true
                mode: very_slow
                name: "no"
                limit: null
                train_files:
                  - a.csv
                  - b.csv
                columns: text
                """);

        assertThat(values.keySet())
                .extracting(OptionSpec::snakeName)
                .containsExactly(
                        "learning_rate", "row_count", "dry_run", "mode", "name", "limit", "train_files", "columns");
        assertThat(values.values())
                .containsExactly(
                        1e-5,
                        3,
                        true,
                        SampleOptions.Mode.VERY_SLOW,
                        "no",
                        null,
                        List.of(Path.of("a.csv"), Path.of("b.csv")),
                        List.of("text"));
    }

    @Test
    void readsJson() throws IOException {
        assertThat(read("run.json", "{\n\t\"learning_rate\": 1e-5,\n\t\"columns\": [\"a\", \"b\"]\n}\n"))
                .isEqualTo(Map.of(OPTIONS.get("learning_rate"), 1e-5, OPTIONS.get("columns"), List.of("a", "b")));
    }

    @Test
    void nullIsTheDefault() throws IOException {
        SampleOptions defaults = new SampleOptions();

        for (OptionSpec option : OPTIONS.options()) {
            Map<OptionSpec, Object> values = read("run.yaml", option.snakeName() + ": null");
            assertThat(values).containsOnlyKeys(option);
            assertThat(defaults.with(values)).isEqualTo(defaults);
        }
    }

    @Test
    void anEmptyTextIsAnEmptyList() throws IOException {
        assertThat(read("run.yaml", "columns: ''")).containsEntry(OPTIONS.get("columns"), List.of());
    }

    @ParameterizedTest
    @CsvSource({"1e-5, 1e-5", "2e-4, 2e-4", "1.0e-5, 1e-5", ".5, 0.5", "'5E-05', 5e-5", "0, 0"})
    void readsAnyNotationOfNumbersInYaml(String text, double expected) throws IOException {
        assertThat(read("run.yaml", "learning_rate: " + text)).containsEntry(OPTIONS.get("learning_rate"), expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "{}"})
    void aFileMaySetNothing(String content) throws IOException {
        assertThat(read("run.yaml", content)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit: null", "limit: ~", "limit:"})
    void yamlHasSeveralWordsForTheDefault(String line) throws IOException {
        assertThat(read("run.yaml", line + "\nseed: 1")).containsEntry(OPTIONS.get("limit"), null);
        assertThat(read("run.yaml", line.replace("limit", "seed"))).containsEntry(OPTIONS.get("seed"), 7L);
    }

    @Test
    void passesOverAByteOrderMark() throws IOException {
        assertThat(read("run.yaml", "\uFEFFseed: 3")).containsEntry(OPTIONS.get("seed"), 3L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            learnin_rate: 1   | There is no option learnin_rate (FILE, line 2); did you mean learning_rate?
            row_count: eleven | Option row_count (FILE, line 2) is 'eleven' but must be a whole number of at least 1 and at most 10.
            row_count: 11     | Option row_count (FILE, line 2) is 11 but must be a whole number of at least 1 and at most 10.
            row_count: [1, 2] | Option row_count (FILE, line 2) has 2 values [1, 2] but must be a whole number of at least 1 and at most 10.
            row_count: {a: 1} | Option row_count (FILE, line 2) has nested values but must be a whole number of at least 1 and at most 10.
            name: *a          | Option name (FILE, line 2) is a YAML alias; write the value out.
            columns: [[a]]    | Option columns (FILE, line 2) has nested values but must be a text.
            SEED: 3           | Option SEED (FILE, line 2) is set twice; remove one of them.
            """)
    void namesFileLineAndOption(String secondLine, String message) {
        Path file = folder.resolve("run.yaml");

        assertThatThrownBy(() -> read("run.yaml", "seed: 1\n" + secondLine + "\n"))
                .isInstanceOf(UsageException.class)
                .hasMessage(message.replace("FILE", file.toString()));
    }

    @Test
    void refusesTheSameOptionInTwoSpellings() {
        assertThatThrownBy(() -> read("run.json", "{\"row_count\": 1,\n\"rowCount\": 2}"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("rowCount")
                .hasMessageContaining("line 2")
                .hasMessageContaining("twice");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "run.yaml, `seed: 1\nname: [a\n`, `line 3 is malformed (expected ',' or ']', but got <stream end>)`",
                "run.yaml, `seed: 1\n\tname: a\n`, line 2 is malformed (found character '\\t(TAB)'",
                "run.yaml, `seed: 1\nname: a: b\n`, line 2 is malformed (mapping values are not allowed here)",
                "run.yaml, `name: a\u0001`, is malformed (special characters are not allowed",
                "run.json, `{\"seed\": 1,\n \"name\" \"a\"}`, line 2 is malformed (Unexpected character",
                "run.json, `{\"seed\": 1,\n`, line 2 is malformed (Unexpected end-of-input"
            })
    void namesTheLineThatIsMalformed(String name, String content, String message) {
        assertThatThrownBy(() -> read(name, content))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(message)
                .hasMessageEndingWith("); correct it.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"- seed", "just words", "42"})
    void refusesAFileWithoutNames(String content) {
        assertThatThrownBy(() -> read("run.yaml", content))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("must hold options");
    }

    @Test
    void refusesASecondDocument() {
        assertThatThrownBy(() -> read("run.yaml", "seed: 1\n---\nseed: 2\n"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("one object or document");
    }

    @Test
    void refusesAMissingFileAndOtherEncodings() throws IOException {
        Path missing = folder.resolve("missing.yaml");
        Path latin1 = Files.write(folder.resolve("latin1.yaml"), "name: é".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> ConfigFile.read(missing, OPTIONS))
                .isInstanceOf(UsageException.class)
                .hasMessage("There is no file " + missing + "; check the path.");
        assertThatThrownBy(() -> ConfigFile.read(latin1, OPTIONS))
                .isInstanceOf(UsageException.class)
                .hasMessage(latin1 + " is not UTF-8 text; save it as UTF-8.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.yaml", "run.json"})
    void readsWhatItWrote(String name) {
        Path file = folder.resolve(name);
        SampleOptions options = new SampleOptions()
                .with(Map.of(
                        OPTIONS.get("name"),
                        "no: # \"é\" true",
                        OPTIONS.get("learning_rate"),
                        1.25e-7,
                        OPTIONS.get("train_files"),
                        List.of(Path.of("1"), Path.of("b.csv"))));

        ConfigFile.write(file, options, new OptionSetTest.MoreOptions());
        OptionSet both = OptionSet.of(SampleOptions.class, OptionSetTest.MoreOptions.class);

        assertThat(ConfigFile.read(file, both)).hasSize(11);
        assertThat(new SampleOptions().with(ConfigFile.read(file, both))).isEqualTo(options);
    }

    @Test
    void namesTheFileItCannotWrite() throws IOException {
        Path file = Files.writeString(folder.resolve("not-a-folder"), "").resolve("run.yaml");

        assertThatThrownBy(() -> ConfigFile.write(file, new SampleOptions()))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining(file.toString());
    }
}
