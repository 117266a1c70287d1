package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetFilesTest {
    @TempDir
    private Path folder;

    @Test
    void tellsTheFormatByContentAndAppendsByColumnName() throws IOException {
        Path csv = file("a.json", "q,a\n1,2\n");
        Path lines = file("b.csv", "\n {\"a\":\"4\",\"q\":\"3\"}\n");
        Path array = file("c.txt", "\uFEFF [{\"q\":\"5\",\"a\":\"6\"}]");
        Path chinese = Files.write(folder.resolve("d"), "q,a\n问,答".getBytes(Charset.forName("GB18030")));

        Dataset dataset = Dataset.load(csv, lines, array, chinese);

        assertThat(dataset.columnNames()).containsExactly("q", "a");
        assertThat(dataset.column("q")).isEqualTo(List.of("1", "3", "5", "问"));
        assertThat(dataset.column("a")).isEqualTo(List.of("2", "4", "6", "答"));
    }

    @Test
    void readsCsvThatLooksLikeJsonWhereToldSo() throws IOException {
        Path csv = file("a.csv", "[q],a\n1,2\n");

        assertThat(Dataset.fromCsv(csv).columnNames()).containsExactly("[q]", "a");
    }

    @Test
    void namesBothFilesWhoseColumnsDiffer() throws IOException {
        Path first = file("first.csv", "q,a\n1,2\n");
        Path second = file("second.csv", "q,b\n1,2\n");

        assertThatThrownBy(() -> Dataset.fromCsv(first, second))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("first.csv")
                .hasMessageContaining("second.csv")
                .hasMessageContaining("(q, a and q, b)");
    }

    /** With columns that the first rows do not have, and files after each other. */
    @Test
    void rowsKeptOnDiskAreTheSame() throws IOException {
        Path csv = file("a.csv", "q,a\n1,\n\"x\ny\",问\n");
        Path lines = file("b.jsonl", "{\"q\":3}\n{\"q\":[1,{\"a\":2.5}],\"a\":null}\n{\"q\":true,\"a\":\"z\"}\n");
        Dataset inMemory = DatasetFiles.read(FileFormat.BY_CONTENT, TextEncoding.AUTO, csv, lines);
        Dataset onDisk = DatasetFiles.read(FileFormat.BY_CONTENT, TextEncoding.AUTO, 10, csv, lines);
        assertThat(onDisk.columnNames()).isEqualTo(inMemory.columnNames());
        for (String column : List.of("q", "a")) {
            assertThat(onDisk.column(column)).hasSize(5).isEqualTo(inMemory.column(column));
        }
        assertThat(onDisk.shuffle(3).column("q")).isEqualTo(inMemory.shuffle(3).column("q"));
    }

    @Test
    void wantsAtLeastOneFile() {
        assertThatThrownBy(Dataset::load).isInstanceOf(UsageException.class).hasMessageContaining("No data file");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
