package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonOutputTest {
    @TempDir
    private Path folder;

    // json.dump([{"问": "a\"\n😀", "n": 1, "ids": [1, 2]}, {"问": None, "n": 2.5, "ids": []}], file,
    //           ensure_ascii=False, indent=2)
    @Test
    void writesAnArrayAsPythonDoes() throws IOException {
        Path file = folder.resolve("out.json");

        mixed().saveJson(file);

        assertThat(file).hasContent("""
                        [
                          {
                            "问": "a\\"\\n😀",
                            "n": 1,
                            "ids": [
                              1,
                              2
                            ]
                          },
                          {
                            "问": null,
                            "n": 2.5,
                            "ids": []
                          }
                        ]""");
    }

    @Test
    void writesOneObjectPerLine() throws IOException {
        Path file = folder.resolve("out.jsonl");

        mixed().saveJsonLines(file);

        assertThat(Files.readString(file))
                .isEqualTo("{\"问\":\"a\\\"\\n😀\",\"n\":1,\"ids\":[1,2]}\n{\"问\":null,\"n\":2.5,\"ids\":[]}\n");
    }

    @Test
    void readsBackWhatItWrote() {
        Path file = folder.resolve("out.json");
        Dataset pairs = DatasetTest.pairs();

        pairs.saveJson(file);

        Dataset read = Dataset.load(file);
        assertThat(read.columnNames()).isEqualTo(pairs.columnNames());
        assertThat(read.column("answer")).isEqualTo(pairs.column("answer"));
    }

    @Test
    void replacesTheFileOnlyWhenAllIsWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("out.json"), "old");
        Dataset broken = Dataset.of(Map.of("x", List.of(1.0, Double.NaN)));

        assertThatThrownBy(() -> broken.saveJson(file))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("Column \"x\" holds NaN");

        assertThat(file).hasContent("old");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void saysWhichFileCannotBeWritten() throws IOException {
        Files.writeString(folder.resolve("not-a-folder"), "");
        Path file = folder.resolve("not-a-folder/out.json");

        assertThatThrownBy(() -> DatasetTest.pairs().saveJson(file))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("not-a-folder/out.json");
    }

    private static Dataset mixed() {
        Map<String, List<?>> columns = new LinkedHashMap<>();
        columns.put("问", Arrays.asList("a\"\n😀", null));
        columns.put("n", List.of(1L, 2.5));
        columns.put("ids", List.of(new int[] {1, 2}, new int[0]));
        return Dataset.of(columns);
    }
}
