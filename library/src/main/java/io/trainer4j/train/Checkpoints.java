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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The {@code checkpoint-N} folders of an output folder. Each is filled under a hidden name, its {@link Checksums} last, and
 * renamed when it is whole, so that a process may die at any moment and leave every finished checkpoint as it was.
 */
final class Checkpoints {
    private static final String PREFIX = "checkpoint-";
    private static final String TEMPORARY = ".tmp";
    private static final String FORMER = ".former";
    private static final Pattern LEFTOVER = Pattern.compile("\\.checkpoint-(\\d+)(\\.tmp|\\.former)");
    static final String STATE = "trainer_state.json";

    private final Path outputDir;

    Checkpoints(Path outputDir) {
        this.outputDir = outputDir;
    }

    Path path(int step) {
        return outputDir.resolve(PREFIX + step);
    }

    private Path hidden(int step, String suffix) {
        return outputDir.resolve("." + PREFIX + step + suffix);
    }

    /**
     * Writes one checkpoint: all files into a folder beside, which then takes its name.
     *
     * @param contents each adds some files to the folder it is given
     * @throws TrainerException when writing fails; what was there before is untouched
     */
    void write(int step, List<Consumer<Path>> contents) {
        Path target = path(step);
        Path temporary = hidden(step, TEMPORARY);
        try {
            Files.createDirectories(outputDir);
            deleteTree(temporary);
            Files.createDirectory(temporary);
            try {
                fill(temporary, contents);
                replace(step, temporary);
            } finally {
                deleteTree(temporary);
            }
        } catch (IOException e) {
            throw AtomicFile.failure(target, e);
        }
    }

    private static void fill(Path folder, List<Consumer<Path>> contents) throws IOException {
        Checksums checksums = new Checksums(folder);
        try {
            for (Consumer<Path> content : contents) {
                content.accept(folder);
                checksums.addNewFiles();
            }
            checksums.write();
            AtomicFile.forceFolder(folder);
        } finally {
            checksums.stop();
        }
    }

    private void replace(int step, Path whole) throws IOException {
        Path former = hidden(step, FORMER);
        if (Files.exists(path(step))) {
            Files.move(path(step), former, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(whole, path(step), StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.forceFolder(outputDir);
        deleteTree(former);
    }

    /** Removes what a process that died left half done; a checkpoint it was about to replace is there again. */
    void recover() {
        for (Path entry : entries()) {
            Matcher leftover = LEFTOVER.matcher(entry.getFileName().toString());
            if (leftover.matches()) {
                Path target = path(Integer.parseInt(leftover.group(1)));
                if (leftover.group(2).equals(FORMER) && !Files.exists(target)) {
                    move(entry, target);
                } else {
                    deleteTree(entry);
                }
            }
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw AtomicFile.failure(to, e);
        }
    }

    /** Removes the oldest checkpoints beyond {@code limit}; the best one stays. */
    void rotate(int limit, String best) {
        List<Path> all = oldestFirst();
        int excess = all.size() - limit;
        for (Path checkpoint : all.subList(0, Math.max(0, all.size() - 1))) {
            if (excess > 0 && !checkpoint.toString().equals(best)) {
                remove(checkpoint);
                excess--;
            }
        }
    }

    /** Removes all checkpoints but one. */
    void keepOnly(String best) {
        oldestFirst().stream()
                .filter(checkpoint -> !checkpoint.toString().equals(best))
                .forEach(Checkpoints::remove);
    }

    /** Takes the name away first, so that half a folder never looks like a checkpoint. */
    private static void remove(Path checkpoint) {
        Path unnamed = checkpoint.resolveSibling("." + checkpoint.getFileName() + TEMPORARY);
        deleteTree(unnamed);
        move(checkpoint, unnamed);
        deleteTree(unnamed);
    }

    /**
     * What {@code resume_from_checkpoint} means.
     *
     * @param option a folder, or {@code true} for the newest checkpoint that is whole, the start if there is none; or null
     * @param passedOver told, in a sentence, of each newer checkpoint that is broken
     * @return the folder to resume, or empty to start anew
     * @throws TrainerException naming what is missing or broken
     */
    Optional<Path> resolve(String option, Consumer<String> passedOver) {
        if (option == null || option.equalsIgnoreCase("false")) {
            return Optional.empty();
        }
        if (option.equalsIgnoreCase("true")) {
            return newestWhole(passedOver);
        }
        Path folder = Path.of(option);
        if (!Files.isDirectory(folder)) {
            throw new UsageException("There is no checkpoint folder " + folder
                    + " to resume from; give another, or true for the newest in " + outputDir + ".");
        }
        ResumeFiles.requireWhole(folder);
        return Optional.of(folder);
    }

    private Optional<Path> newestWhole(Consumer<String> passedOver) {
        List<Path> newestFirst = new ArrayList<>(oldestFirst());
        Collections.reverse(newestFirst);
        for (Path checkpoint : newestFirst) {
            try {
                ResumeFiles.requireWhole(checkpoint);
                return Optional.of(checkpoint);
            } catch (TrainerException e) {
                passedOver.accept("Passing over " + checkpoint.getFileName() + ": " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    private List<Path> oldestFirst() {
        return entries().stream()
                .filter(p -> p.getFileName().toString().matches(PREFIX + "\\d+"))
                .sorted(Comparator.comparingInt(
                        p -> Integer.parseInt(p.getFileName().toString().substring(PREFIX.length()))))
                .toList();
    }

    private List<Path> entries() {
        if (!Files.isDirectory(outputDir)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(outputDir)) {
            return entries.toList();
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
