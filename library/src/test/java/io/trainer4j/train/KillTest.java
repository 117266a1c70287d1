package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed again and again, while it saves too, ends as the run that was never disturbed. */
class KillTest {
    private static final int KILLS = 20;

    @TempDir
    Path folder;

    @Test
    void twentyKillsChangeNoBit() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path killed = folder.resolve("killed");
        Path whole = folder.resolve("whole");
        int whileSaving = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            whileSaving += killAtSomeMoment(killed, random, kill % 2 == 0) ? 1 : 0;
            checkpoints(killed).forEach(Checksums::verify);
        }
        System.err.printf("KillTest: seed %d, %d of %d kills while saving%n", seed, whileSaving, KILLS);
        assertThat(whileSaving).isPositive();

        TrainingProcess.train(
                TrainingProcess.arguments(killed).saveStrategy(SaveStrategy.NO).resumeFromCheckpoint("true"));
        TrainingProcess.train(TrainingProcess.arguments(whole).saveStrategy(SaveStrategy.NO));

        assertThat(Files.mismatch(killed.resolve("model.safetensors"), whole.resolve("model.safetensors")))
                .isEqualTo(-1);
        assertThat(log(killed)).hasSizeGreaterThan(300).isEqualTo(log(whole));
    }

    /** Whether the process died while it saved. */
    private static boolean killAtSomeMoment(Path out, Random random, boolean whileSaving)
            throws IOException, InterruptedException {
        int before = newest(out);
        Process process = TrainingProcess.start(out);
        try {
            int newCheckpoints = 1 + random.nextInt(3);
            await(process, out, () -> newest(out) >= before + 2 * newCheckpoints);
            if (whileSaving) {
                await(process, out, () -> !unfinished(out).isEmpty());
            }
            LockSupport.parkNanos(random.nextInt(whileSaving ? 3_000_000 : 30_000_000));
        } finally {
            process.destroyForcibly().waitFor();
        }
        return !unfinished(out).isEmpty();
    }

    private static void await(Process process, Path out, BooleanSupplier event) throws IOException {
        while (!event.getAsBoolean()) {
            assertThat(process.isAlive())
                    .as(() -> "the process ended: " + output(out))
                    .isTrue();
            LockSupport.parkNanos(200_000);
        }
    }

    private static String output(Path out) {
        try {
            return Files.readString(out.resolve("output.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int newest(Path out) {
        return checkpoints(out).stream()
                .mapToInt(path -> Integer.parseInt(path.getFileName().toString().substring("checkpoint-".length())))
                .max()
                .orElse(0);
    }

    private static List<Path> checkpoints(Path out) {
        return entries(out, "checkpoint-\\d+");
    }

    private static List<Path> unfinished(Path out) {
        return entries(out, "\\.checkpoint-.*");
    }

    private static List<Path> entries(Path out, String name) {
        if (!Files.exists(out)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(out)) {
            return entries.filter(path -> path.getFileName().toString().matches(name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The log without times. */
    private static List<Map<String, Object>> log(Path out) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Map<String, Object> row :
                TrainerState.read(out.resolve("trainer_state.json")).logHistory()) {
            Map<String, Object> kept = new LinkedHashMap<>(row);
            kept.keySet().removeIf(name -> name.matches(".*_(runtime|per_second)"));
            rows.add(kept);
        }
        return rows;
    }
}
