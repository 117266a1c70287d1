package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.file.FileSystem;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 32_767, 32_768, 8_388_607, 8_388_608, Integer.MAX_VALUE})
    void tokenIdsComeBackWhateverTheirSize(int most) {
        int[] ids = {0, most, -1, ~most, 1, -100};
        List<Object> column = new DiskColumn(folder);
        column.add(ids);
        column.add(new int[0]);
        column.add(new int[] {most});
        assertThat((int[]) column.get(0)).containsExactly(ids);
        assertThat((int[]) column.get(1)).isEmpty();
        assertThat((int[]) column.get(2)).containsExactly(most);
    }

    @Test
    void tokenIdsTakeTheBytesOfTheWidest() {
        assertThat(CellCode.encoded(new int[] {127, -128, 1})).hasSize(4);
        assertThat(CellCode.encoded(new int[] {-100, 300})).hasSize(5);
        assertThat(CellCode.encoded(new int[] {-100, 151_935})).hasSize(7);
        assertThat(CellCode.encoded(new int[] {1 << 23, 0})).hasSize(9);
    }

    @Test
    void scoresAndNumbersKeepTheirTypes() {
        List<Object> column = new DiskColumn(folder);
        column.add(new float[] {0.1f, Float.NaN, -1});
        column.add(7);
        column.add(Long.MIN_VALUE);
        assertThat((float[]) column.get(0)).containsExactly(0.1f, Float.NaN, -1);
        assertThat(column.subList(1, 3)).isEqualTo(List.of(7, Long.MIN_VALUE));
        assertThatThrownBy(() -> column.add(new Object()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("of type Object");
    }

    @Test
    void aFullDiskIsSaidInASentence() throws IOException {
        Configuration disk = Configuration.unix().toBuilder()
                .setMaxSize(1 << 20)
                .setWorkingDirectory("/work")
                .build();
        try (FileSystem full = Jimfs.newFileSystem(disk)) {
            Path small = full.getPath("/work");
            List<Object> column = new DiskColumn(small);
            assertThatThrownBy(() -> IntStream.range(0, 3000).forEach(i -> column.add(new int[1000])))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("cannot be kept in a temporary file in " + small)
                    .hasMessageContaining("free space there");
        }
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
