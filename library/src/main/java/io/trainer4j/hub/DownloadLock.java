package io.trainer4j.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Held by the one thread of one process that downloads a blob; others wait and then find it there. */
final class DownloadLock implements AutoCloseable {
    /** A file lock belongs to the whole process, so its threads agree here first. */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock thread;
    private final FileChannel channel;

    private DownloadLock(ReentrantLock thread, FileChannel channel) {
        this.thread = thread;
        this.channel = channel;
    }

    /** Waits until it is free. */
    static DownloadLock acquire(Path file) throws IOException {
        ReentrantLock thread = THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), key -> new ReentrantLock());
        thread.lock();
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.lock(); // released when the channel is closed
            return new DownloadLock(thread, channel);
        } catch (IOException | RuntimeException e) {
            thread.unlock();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            thread.unlock();
        }
    }
}
