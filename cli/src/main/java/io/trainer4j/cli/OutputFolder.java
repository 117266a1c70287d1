package io.trainer4j.cli;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import io.trainer4j.report.EventLog;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folder a command leaves its result in. */
record OutputFolder(Path path) {
    /** What a run that failed early may have left: logs, which the next run continues or replaces. */
    private static final Set<String> LOGS = Set.of(EventLog.NAME, "runs");

    /**
     * Refuses a folder that holds anything but logs.
     *
     * @param wayOut what else the user may do, such as "choose another one"
     */
    void requireFresh(String wayOut) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new UsageException(
                    "The output folder " + path + " is a file; choose another place with --output-dir.");
        }
        if (entries().stream()
                .anyMatch(entry -> !LOGS.contains(entry.getFileName().toString()))) {
            throw new UsageException("The output folder " + path + " is not empty; " + wayOut + ".");
        }
    }

    /**
     * Makes the folder, so that a place that cannot be written is known before hours of work.
     *
     * @throws io.trainer4j.TrainerException if it cannot be
     */
    void create() {
        try {
            Files.createDirectories(path);
            if (!Files.isWritable(path)) {
                throw new AccessDeniedException(path.toString());
            }
        } catch (IOException e) {
            throw AtomicFile.failure(path, e);
        }
    }

    /** Lets {@code writing} add files to the folder; when it fails, those it added are removed again. */
    void add(Runnable writing) {
        boolean existed = Files.exists(path);
        Set<Path> before = entries();
        try {
            writing.run();
        } catch (RuntimeException e) {
            try {
                removeAllBut(before, existed);
            } catch (IOException rest) {
                e.addSuppressed(rest);
            }
            throw e;
        }
    }

    private void removeAllBut(Set<Path> before, boolean existed) throws IOException {
        for (Path entry : entries()) {
            if (!before.contains(entry)) {
                Files.delete(entry);
            }
        }
        if (!existed) {
            Files.deleteIfExists(path);
        }
    }

    private Set<Path> entries() {
        if (!Files.isDirectory(path)) {
            return Set.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.collect(Collectors.toSet());
        } catch (IOException e) {
            throw AtomicFile.failure(path, e);
        }
    }
}
