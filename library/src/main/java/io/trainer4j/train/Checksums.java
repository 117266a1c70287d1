package io.trainer4j.train;

import io.trainer4j.AtomicFile;
import io.trainer4j.TrainerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Size and SHA-256 of every file of a checkpoint, kept in its {@code checksums.json}, which is written last. Files are
 * read in the background, so that one is summed up while the next is written.
 */
final class Checksums {
    static final String FILE = "checksums.json";
    private static final int BUFFER = 1 << 20;

    private final Path folder;
    private final Map<String, CompletableFuture<Entry>> entries = new TreeMap<>();

    private record Entry(long size, String sha256) {}

    Checksums(Path folder) {
        this.folder = folder;
    }

    /** Starts on the files that have come into the folder since the last call. */
    void addNewFiles() {
        for (String name : names(folder)) {
            entries.computeIfAbsent(name, key -> CompletableFuture.supplyAsync(() -> sum(folder.resolve(key))));
        }
    }

    /** Waits for all sums and writes them. */
    void write() {
        Map<String, Entry> sums = new TreeMap<>();
        try {
            entries.forEach((name, sum) -> sums.put(name, sum.join()));
        } catch (CompletionException e) {
            throw e.getCause() instanceof TrainerException cause ? cause : e;
        }
        AtomicFile.writeString(
                folder.resolve(FILE),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(sums) + "\n");
    }

    /** Waits until no file is read any more, whatever became of it. */
    void stop() {
        CompletableFuture.allOf(entries.values().toArray(CompletableFuture[]::new))
                .exceptionally(failure -> null)
                .join();
    }

    /**
     * Compares a folder with its sums.
     *
     * @throws TrainerException naming the file that is missing, cut or changed
     */
    static void verify(Path folder) {
        Map<String, Entry> expected = read(folder.resolve(FILE));
        expected.forEach((name, entry) -> verifySize(folder.resolve(name), entry.size()));
        expected.entrySet().parallelStream().forEach(entry -> {
            Path file = folder.resolve(entry.getKey());
            if (!sum(file).sha256().equals(entry.getValue().sha256())) {
                throw new TrainerException(file + " is not what was written: its SHA-256 differs from " + FILE
                        + "; resume from another checkpoint.");
            }
        });
    }

    private static void verifySize(Path file, long size) {
        try {
            if (!Files.exists(file)) {
                throw new TrainerException(file + " is missing; resume from another checkpoint.");
            }
            if (Files.size(file) != size) {
                throw new TrainerException("%s has %,d bytes instead of %,d; resume from another checkpoint."
                        .formatted(file, Files.size(file), size));
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static Map<String, Entry> read(Path file) {
        if (!Files.exists(file)) {
            throw new TrainerException(
                    file + " is missing, so the checkpoint is not whole; resume from another checkpoint.");
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
            return JsonMapper.shared().convertValue(json, new TypeReference<TreeMap<String, Entry>>() {});
        } catch (IOException | JacksonException e) {
            throw unreadable(file, e);
        }
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static Entry sum(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            long size = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                size += read;
            }
            return new Entry(size, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException | UncheckedIOException e) {
            throw unreadable(file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    private static TrainerException unreadable(Path file, Exception cause) {
        return new TrainerException(
                file + " cannot be read (" + cause.getMessage() + "); resume from another checkpoint.", cause);
    }
}
