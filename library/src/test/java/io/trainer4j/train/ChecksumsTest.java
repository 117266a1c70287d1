package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChecksumsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void twoFiles() throws IOException {
        Files.writeString(folder.resolve("abc"), "abc");
        Files.writeString(folder.resolve("empty"), "");
        Checksums checksums = new Checksums(folder);
        checksums.addNewFiles();
        checksums.write();
    }

    /** The two sums are the examples of FIPS 180. */
    @Test
    void sizeAndSumOfEachFile() throws IOException {
        JsonNode json = JsonMapper.shared().readTree(Files.readString(folder.resolve("checksums.json")));

        assertThat(json.propertyNames()).containsExactly("abc", "empty");
        assertThat(json.path("abc").path("size").asInt()).isEqualTo(3);
        assertThat(json.path("abc").path("sha256").asString())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(json.path("empty").path("sha256").asString())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThatCode(() -> Checksums.verify(folder)).doesNotThrowAnyException();
    }

    @Test
    void otherContentOfTheSameLengthIsNamed() throws IOException {
        Files.writeString(folder.resolve("abc"), "abd");
        assertBroken("abc", "is not what was written");
    }

    @Test
    void otherLengthIsNamed() throws IOException {
        Files.writeString(folder.resolve("empty"), "no longer");
        assertBroken("empty", "has 9 bytes instead of 0");
    }

    @Test
    void missingFileIsNamed() throws IOException {
        Files.delete(folder.resolve("abc"));
        assertBroken("abc", "is missing");
    }

    @Test
    void missingAndBrokenSumsAreNamed() throws IOException {
        Files.writeString(folder.resolve("checksums.json"), "{");
        assertBroken("checksums.json", "cannot be read");
        Files.delete(folder.resolve("checksums.json"));
        assertBroken("checksums.json", "so the checkpoint is not whole");
    }

    private void assertBroken(String file, String why) {
        assertThatThrownBy(() -> Checksums.verify(folder))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageContaining(folder.resolve(file).toString())
                .hasMessageContaining(why);
    }

    @Test
    void aFullDiskEndsTheRunAndKeepsEveryCheckpointThatWasThere() throws IOException {
        try (FileSystem disk = Jimfs.newFileSystem(
                Configuration.unix().toBuilder().setMaxSize(300_000).build())) {
            Path out = disk.getPath("/out");

            assertThatThrownBy(() -> TinyRun.of(TinyRun.arguments(folder)
                            .outputDir(out)
                            .maxSteps(30)
                            .saveSteps(1)))
                    .isExactlyInstanceOf(TrainerException.class)
                    .hasMessageContaining("out of disk space")
                    .hasMessageContaining("free space on the disk");

            List<Path> left;
            try (Stream<Path> entries = Files.list(out)) {
                left = entries.toList();
            }
            assertThat(left)
                    .hasSizeGreaterThan(1)
                    .allMatch(path -> path.getFileName().toString().startsWith("checkpoint-"));
            left.forEach(Checksums::verify);
        }
    }
}
