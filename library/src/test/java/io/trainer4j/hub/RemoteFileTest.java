package io.trainer4j.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteFileTest {
    private static final String SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String GIT_SHA1 = "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f";

    @TempDir
    private Path folder;

    // printf abc | sha256sum; printf abc | git hash-object --stdin; printf abc | sha1sum
    @ParameterizedTest
    @CsvSource({
        SHA256 + ", abc, true",
        SHA256 + ", abd, false",
        SHA256 + ", abcd, false",
        GIT_SHA1 + ", abc, true",
        GIT_SHA1 + ", abd, false",
        "a9993e364706816aba3e25717850c26c9cd0d89d, abc, false",
        "5d41402abc4b2a76b9719d911017c592, abc, true",
        "W-mirror-3, abc, true",
        "W-mirror-3, ab, false"
    })
    void theETagTellsTheChecksumWhereItIsOne(String etag, String content, boolean right) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), content);

        assertThat(new RemoteFile("file", etag, 3).matches(file)).isEqualTo(right);
    }

    @ParameterizedTest
    @CsvSource({
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    })
    void anEmptyFileHasAChecksumToo(String etag) throws IOException {
        Path file = Files.createFile(folder.resolve("empty"));

        assertThat(new RemoteFile("empty", etag, 0).matches(file)).isTrue();
        assertThat(new RemoteFile("empty", etag, 1).matches(file)).isFalse();
    }
}
