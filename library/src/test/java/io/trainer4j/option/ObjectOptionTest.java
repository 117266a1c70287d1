package io.trainer4j.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An option whose value is an object, such as {@code lr_scheduler_kwargs}. */
class ObjectOptionTest {
    private static final OptionSet OPTIONS = OptionSet.of(WithObject.class);

    @TempDir
    private Path folder;

    static final class WithObject extends Options<WithObject> {
        @Option(help = "Arguments.")
        private Map<String, Object> kwargs;

        @Option(help = "Other.")
        private int other = 1;

        Map<String, Object> kwargs() {
            return kwargs;
        }

        int other() {
            return other;
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run.json | {"kwargs": {"power": 2, "end": 0.5}, "other": 2}
            run.json | {"kwargs": "{\\"power\\": 2, \\"end\\": 0.5}", "other": 2}
            run.yaml | 'kwargs: {power: 2, end: 0.5}\nother: 2'
            run.yaml | 'kwargs:\n  power: 2\n  end: 0.5\nother: 2'
            """)
    void isReadFromAnObjectOrFromItsText(String name, String content) throws IOException {
        WithObject read = new WithObject().with(read(name, content));

        assertThat(read.kwargs()).isEqualTo(Map.of("power", 2, "end", 0.5));
        assertThat(read.other()).isEqualTo(2);
    }

    @Test
    void nullUnsetsIt() throws IOException {
        assertThat(new WithObject().with(read("run.json", "{\"kwargs\": null}")).kwargs())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.json", "run.yaml"})
    void isWrittenAsAnObjectAndReadBack(String name) throws IOException {
        WithObject options =
                new WithObject().with(Map.of(OPTIONS.get("kwargs"), Map.of("power", 2, "mode", "cos", "on", true)));
        Path file = folder.resolve(name);

        ConfigFile.write(file, options);

        assertThat(new WithObject().with(ConfigFile.read(file, OPTIONS))).isEqualTo(options);
    }

    @Test
    void anythingElseIsRefusedWithItsLine() {
        assertThatThrownBy(() -> read("run.yaml", "other: 1\nkwargs: power=2\n"))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option kwargs (" + folder.resolve("run.yaml") + ", line 2) is 'power=2' but must be"
                        + " a JSON object such as {\"power\": 2}.");
    }

    private Map<OptionSpec, Object> read(String name, String content) throws IOException {
        return ConfigFile.read(Files.writeString(folder.resolve(name), content.replace("\\n", "\n")), OPTIONS);
    }
}
