package io.trainer4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AtomicFileTest {
    private static final int DISK_BYTES = 1 << 16;

    private FileSystem disk;
    private Path target;

    @BeforeEach
    void createDisk() {
        disk = Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setWorkingDirectory("/disk")
                .setBlockSize(1024)
                .setMaxSize(DISK_BYTES)
                .build());
        target = disk.getPath("/disk/out/model.safetensors");
    }

    @AfterEach
    void closeDisk() throws IOException {
        disk.close();
    }

    @Test
    void createsFoldersAndFile() throws IOException {
        AtomicFile.writeString(target, "新");
        assertThat(Files.readString(target)).isEqualTo("新");
        assertThat(beside()).containsExactly("model.safetensors");
    }

    @Test
    void replacesWhatWasThere() throws IOException {
        AtomicFile.writeString(target, "old and longer");
        AtomicFile.writeString(target, "new");
        assertThat(Files.readString(target)).isEqualTo("new");
    }

    @Test
    void clearsTheRestOfAnEarlierCrash() throws IOException {
        AtomicFile.writeString(target, "old");
        Files.writeString(target.resolveSibling(".model.safetensors.tmp"), "half");
        AtomicFile.writeString(target, "new");
        assertThat(beside()).containsExactly("model.safetensors");
    }

    @Test
    void fullDiskLeavesTheOldFileAndNothingElse() throws IOException {
        AtomicFile.writeString(target, "old");
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tooMuch = Map.of("t", TensorData.zeros(DISK_BYTES));
            assertThatThrownBy(() -> AtomicFile.write(target, file -> SafetensorsFile.write(file, tooMuch)))
                    .isExactlyInstanceOf(TrainerException.class)
                    .hasMessageStartingWith(
                            "Could not write /disk/out/model.safetensors (out of disk space); free space")
                    .hasMessageContaining("Nothing that was there has been changed");
        }
        assertThat(Files.readString(target)).isEqualTo("old");
        assertThat(beside()).containsExactly("model.safetensors");
    }

    @Test
    void failureWhileWritingLeavesTheOldFile() throws IOException {
        AtomicFile.writeString(target, "old");
        assertThatThrownBy(() -> AtomicFile.write(target, file -> {
                    Files.writeString(file, "half");
                    throw new UncheckedIOException(new IOException("cable pulled"));
                }))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageContaining("cable pulled");
        assertThat(Files.readString(target)).isEqualTo("old");
        assertThat(beside()).containsExactly("model.safetensors");
    }

    @Test
    void aFileInPlaceOfTheFolderIsNamed() throws IOException {
        Files.writeString(disk.getPath("/disk/plain"), "");
        assertThatThrownBy(() -> AtomicFile.writeString(disk.getPath("/disk/plain/file"), "x"))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageContaining("/disk/plain/file");
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, free space on the disk",
        "Disk quota exceeded, free space on the disk",
        "Read-only file system, choose a folder on a disk that can be written",
        "Operation not permitted, make the folder writable for this user",
        "Not a directory, a file is in the way"
    })
    void theWayOutFitsTheReason(String reason, String wayOut) {
        assertThat(AtomicFile.failure(target, new FileSystemException("/permits/read-only", null, reason)))
                .hasMessageContaining("(/permits/read-only: " + reason + "); " + wayOut);
    }

    @Test
    void missingPermissionIsToldApartFromAFullDisk() {
        assertThat(AtomicFile.failure(target, new AccessDeniedException("/disk/out")))
                .hasMessageContaining("(access denied: /disk/out); make the folder writable for this user");
        assertThat(AtomicFile.failure(target, new FileAlreadyExistsException("/disk/out")))
                .hasMessageContaining("a file is in the way");
    }

    private List<String> beside() throws IOException {
        try (Stream<Path> files = Files.list(target.getParent())) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
