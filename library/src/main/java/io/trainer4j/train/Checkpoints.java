package io.trainer4j.train;

import io.trainer4j.AtomicFile;
import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code checkpoint-N} folders of an output folder. A folder of that name is whole: it was renamed when complete. */
final class Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final String PREFIX = "checkpoint-";
    static final String STATE = "trainer_state.json";

    private final Path outputDir;

    Checkpoints(Path outputDir) {
        this.outputDir = outputDir;
    }

    Path path(int step) {
        return outputDir.resolve(PREFIX + step);
    }

    /**
     * Writes one checkpoint: all files into a folder beside, which then takes its name.
     *
     * @param content fills the folder it is given
     * @throws TrainerException when writing fails; what was there before is untouched
     */
    void write(int step, Consumer<Path> content) {
        Path target = path(step);
        Path temporary = outputDir.resolve("." + PREFIX + step + ".tmp");
        try {
            Files.createDirectories(outputDir);
            deleteTree(temporary);
            Files.createDirectory(temporary);
            try {
                content.accept(temporary);
                deleteTree(target);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                deleteTree(temporary);
            }
        } catch (IOException e) {
            throw AtomicFile.failure(target, e);
        }
    }

    /** Removes the oldest checkpoints beyond {@code limit}; the best one stays. */
    void rotate(int limit, String best) {
        List<Path> all = oldestFirst();
        int excess = all.size() - limit;
        for (Path checkpoint : all.subList(0, Math.max(0, all.size() - 1))) {
            if (excess > 0 && !checkpoint.toString().equals(best)) {
                deleteTree(checkpoint);
                excess--;
            }
        }
    }

    /**
     * What {@code resume_from_checkpoint} means.
     *
     * @param option a folder, or {@code true} for the newest checkpoint that is whole, the start if there is none; or null
     * @return the folder to resume, or empty to start anew
     * @throws TrainerException naming what is missing or broken
     */
    Optional<Path> resolve(String option) {
        if (option == null || option.equalsIgnoreCase("false")) {
            return Optional.empty();
        }
        if (option.equalsIgnoreCase("true")) {
            return newestWhole();
        }
        Path folder = Path.of(option);
        if (!Files.isDirectory(folder)) {
            throw new UsageException("There is no checkpoint folder " + folder
                    + " to resume from; give another, or true for the newest in " + outputDir + ".");
        }
        ResumeFiles.requireWhole(folder);
        return Optional.of(folder);
    }

    private Optional<Path> newestWhole() {
        List<Path> newestFirst = new ArrayList<>(oldestFirst());
        Collections.reverse(newestFirst);
        for (Path checkpoint : newestFirst) {
            try {
                ResumeFiles.requireWhole(checkpoint);
                return Optional.of(checkpoint);
            } catch (TrainerException e) {
                LOG.warn("Passing over {}: {}", checkpoint, e.getMessage());
            }
        }
        return Optional.empty();
    }

    private List<Path> oldestFirst() {
        if (!Files.isDirectory(outputDir)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(outputDir)) {
            return entries.filter(p -> p.getFileName().toString().matches(PREFIX + "\\d+"))
                    .sorted(Comparator.comparingInt(
                            p -> Integer.parseInt(p.getFileName().toString().substring(PREFIX.length()))))
                    .toList();
        } catch (IOException e) {
            throw new TrainerException("Cannot list " + outputDir + ": " + e.getMessage() + ".", e);
        }
    }

    private static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new TrainerException("Cannot delete " + root + ": " + e.getMessage() + ".", e);
        }
    }
}
