package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonInputTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"q\":\"问\",\"n\":1},{\"q\":\"b\",\"n\":2}]",
                "{\"q\":\"问\",\"n\":1}\n{\"q\":\"b\",\"n\":2}\n",
                "\n {\"q\":\"问\",\n \"n\":1}\r\n\n{\"q\":\"b\",\"n\":2}"
            })
    void readsAnArrayOfObjectsAndJsonLines(String text) throws IOException {
        Dataset dataset = Dataset.fromJson(file(text));

        assertThat(dataset.columnNames()).containsExactly("q", "n");
        assertThat(dataset.column("q")).isEqualTo(List.of("问", "b"));
        assertThat(dataset.column("n")).isEqualTo(List.of(1L, 2L));
    }

    @Test
    void keepsTheTypeOfEveryValue() throws IOException {
        Row row = Dataset.fromJson(file("[{\"long\":9007199254740993,\"double\":2.5,\"yes\":true,\"none\":null,"
                        + "\"list\":[1,[2]],\"map\":{\"role\":\"user\"}}]"))
                .row(0);

        assertThat(row.get("long")).isEqualTo(9007199254740993L);
        assertThat(row.get("double")).isEqualTo(2.5);
        assertThat(row.get("yes")).isEqualTo(true);
        assertThat(row.isNull("none")).isTrue();
        assertThat(row.get("list")).isEqualTo(List.of(1L, List.of(2L)));
        assertThat(row.get("map")).isEqualTo(Map.of("role", "user"));
    }

    @Test
    void unitesTheKeysOfAllRows() throws IOException {
        Dataset dataset = Dataset.fromJson(file("{\"a\":1}\n{\"b\":2}\n{}\n{\"b\":3,\"a\":4}\n"));

        assertThat(dataset.columnNames()).containsExactly("a", "b");
        assertThat(dataset.column("a")).isEqualTo(Arrays.asList(1L, null, null, 4L));
        assertThat(dataset.column("b")).isEqualTo(Arrays.asList(null, 2L, null, 3L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`{\"a\":1}\n{\"a\":}\n`|2",
                "`{\"a\":1}\n\n{\"a\":\"open`|3",
                "`[{\"a\":1},\n{\"a\":2}`|2",
                "`[{\"a\":1},\n3]`|2",
                "`[{\"a\":1}]\n\n[]`|3",
                "`{\"a\":1}\n[{\"a\":1}]`|2",
                "`\"text\"`|1",
                "`a,b`|1",
            })
    void namesFileAndLineOfWhatIsNotARow(String text, int line) throws IOException {
        Path file = file(text);

        assertThatThrownBy(() -> Dataset.fromJson(file))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("data.json, line " + line + ":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "[{}]", "{}"})
    void refusesAFileWithoutRows(String text) throws IOException {
        Path file = file(text);

        assertThatThrownBy(() -> Dataset.fromJson(file))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("has no rows");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("data.json"), text);
    }
}
