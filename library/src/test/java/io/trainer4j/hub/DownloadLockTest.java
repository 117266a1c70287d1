package io.trainer4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadLockTest {
    @TempDir
    private Path folder;

    @Test
    void anotherThreadWaitsUntilTheFirstHasDone() throws IOException, InterruptedException {
        Path file = folder.resolve("locks/blob.lock");
        List<String> events = new CopyOnWriteArrayList<>();
        Thread second = new Thread(() -> {
            try (DownloadLock lock = DownloadLock.acquire(folder.resolve("locks/../locks/blob.lock"))) {
                events.add("second");
            } catch (IOException e) {
                events.add(e.toString());
            }
        });

        try (DownloadLock lock = DownloadLock.acquire(file)) {
            second.start();
            while (second.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            events.add("first");
        }
        second.join();

        assertThat(events).containsExactly("first", "second");
    }

    @Test
    void theFileIsLockedForOtherProcessesTooAndFreeAgainAfterwards() throws IOException {
        Path file = folder.resolve("blob.lock");
        try (DownloadLock lock = DownloadLock.acquire(file);
                FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThatThrownBy(other::tryLock).isInstanceOf(OverlappingFileLockException.class);
        }
        try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(other.tryLock()).isNotNull();
        }
    }

    @Test
    void aLockThatCannotBeMadeHoldsUpNobody() throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("locks"), "");
        Path file = inTheWay.resolve("blob.lock");

        assertThatThrownBy(() -> DownloadLock.acquire(file)).isInstanceOf(IOException.class);
        Files.delete(inTheWay);
        try (DownloadLock lock = DownloadLock.acquire(file)) {
            assertThat(file).exists();
        }
    }
}
