package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.TrainerException;
import io.trainer4j.testing.SharedDir;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSONTestSuite, each document taken as a file of its own and as the one cell of a table. */
@Tag("conformance")
class JsonConformanceTest {
    @TempDir
    private Path folder;

    @Test
    void readsEveryValidValueAsACell() throws IOException {
        List<String> refused = new ArrayList<>();
        for (Path document : documents("y_")) {
            if (!loads(asCell(document))) {
                refused.add(document.getFileName().toString());
            }
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void readsEveryValidObjectAsARow() throws IOException {
        for (Path document : documents("y_object_")) {
            // A row without a single column is no table.
            boolean expected = !document.endsWith("y_object_empty.json");
            assertThat(loads(document)).as(document.toString()).isEqualTo(expected);
        }
    }

    @Test
    void refusesEveryInvalidDocument() throws IOException {
        List<String> read = new ArrayList<>();
        for (Path document : documents("n_")) {
            if (loads(document) || loads(asCell(document))) {
                read.add(document.getFileName().toString());
            }
        }
        assertThat(read).isEmpty();
    }

    @Test
    void readsOrRefusesWhatTheStandardLeavesOpen() throws IOException {
        List<String> refused = new ArrayList<>();
        for (Path document : documents("i_")) {
            if (!loads(asCell(document))) {
                refused.add(document.getFileName().toString());
            }
        }
        // Whole numbers that a Long cannot hold, and bytes that are not UTF-8.
        assertThat(refused)
                .filteredOn(name -> name.startsWith("i_number"))
                .containsExactly(
                        "i_number_too_big_neg_int.json",
                        "i_number_too_big_pos_int.json",
                        "i_number_very_big_negative_int.json");
        assertThat(refused)
                .contains("i_string_UTF-8_invalid_sequence.json", "i_string_UTF-16LE_with_BOM.json")
                .doesNotContain("i_string_lone_second_surrogate.json");
    }

    private static List<Path> documents(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(SharedDir.require("data/conformance/json/JSONTestSuite/test_parsing"))) {
            List<Path> documents = files.filter(
                            file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
            assertThat(documents).isNotEmpty();
            return documents;
        }
    }

    private Path asCell(Path document) throws IOException {
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        table.write("[{\"cell\":".getBytes(StandardCharsets.UTF_8));
        table.write(Files.readAllBytes(document));
        table.write("}]".getBytes(StandardCharsets.UTF_8));
        return Files.write(folder.resolve("cell.json"), table.toByteArray());
    }

    /** Anything thrown but the one sentence of a TrainerException fails the test. */
    private static boolean loads(Path file) {
        try {
            return Dataset.load(TextEncoding.UTF_8, file).size() > 0;
        } catch (TrainerException e) {
            assertThat(e).hasMessageContaining(file.toString()).hasMessageNotContaining("\n");
            return false;
        }
    }
}
