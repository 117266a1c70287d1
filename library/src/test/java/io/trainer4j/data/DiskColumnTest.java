package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DiskColumnTest {
    @TempDir
    private Path folder;

    @Test
    void everyKindOfCellComesBackAsItWas() {
        List<Object> cells = Arrays.asList(
                "问题",
                "",
                null,
                "half a pair \uD83D",
                5L,
                0.1,
                Double.POSITIVE_INFINITY,
                true,
                "null",
                List.of(Map.of("role", "user", "content", "早\n安"), 1L, 2.5),
                Map.of("a", List.of()));
        List<Object> column = new DiskColumn(folder);
        column.addAll(cells);
        assertThat(column).isEqualTo(cells).hasSameHashCodeAs(cells);
    }

    @Test
    void moreThanABufferIsWrittenAndCanBeReadInBetween() {
        List<Object> column = new DiskColumn(folder);
        List<Object> expected = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            String cell = "文".repeat(i % 100) + i;
            column.add(cell);
            expected.add(cell);
            assertThat(column.get(i / 2)).isEqualTo(expected.get(i / 2));
        }
        String huge = "长".repeat(200_000);
        column.add(huge);
        expected.add(huge);
        assertThat(column).isEqualTo(expected);
        assertThatThrownBy(() -> column.get(3001)).hasMessageContaining("3001");
    }

    @Test
    void severalThreadsReadAtOnce() throws Exception {
        List<Object> column = new DiskColumn(folder);
        IntStream.range(0, 500).forEach(i -> column.add("cell " + i));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<Object>>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                readers.add(threads.submit(() -> List.copyOf(column)));
            }
            for (Future<List<Object>> reader : readers) {
                assertThat(reader.get()).hasSize(500).startsWith("cell 0").endsWith("cell 499");
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "An open file keeps its name there")
    void noFileIsLeftWhateverEndsTheProcess() {
        List<Object> column = new DiskColumn(folder);
        column.add("a".repeat(100_000));
        assertThat(folder).isEmptyDirectory();
        assertThat(column.get(0)).asString().hasSize(100_000);
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> new DiskColumn(missing))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("cannot be kept in a temporary file in " + missing)
                .hasMessageContaining("java.io.tmpdir");
    }
}
