package io.trainer4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.train.RunPlan;
import io.trainer4j.train.TrainerCallback.Decision;
import io.trainer4j.train.TrainingEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lines of {@code events.jsonl} for events given by hand. */
class EventLinesTest {
    @TempDir
    Path folder;

    private EventLog log;
    private Path file;

    @BeforeEach
    void begin() {
        log = new EventLog(folder.resolve("输出/run"));
        file = folder.resolve("输出/run").resolve(EventLog.NAME);
    }

    @Test
    void theFolderIsMadeWithTheFirstLine() {
        assertThat(log.on(begin(0))).isEqualTo(Decision.CONTINUE);
        assertThat(file).doesNotExist();
        log.on(log(1, "loss", 2.5));
        assertThat(file).exists();
    }

    @Test
    void rowsAreLogsEvaluationsOrTheEnd() {
        log.on(log(1, "loss", 2.5));
        log.on(log(1, "eval_loss", 2.0));
        log.on(log(2, "train_runtime", 1.0));
        assertThat(summary()).containsExactly("log 1", "eval 1", "end 2");
        assertThat(lines().get(0).path("loss").asDouble()).isEqualTo(2.5);
        assertThat(Instant.parse(lines().get(0).path("time").asString()))
                .isAfter(Instant.parse("2024-01-01T00:00:00Z"));
    }

    @Test
    void aCheckpointIsNamed() {
        log.on(new TrainingEvent.Save(7, Path.of("输出/checkpoint-7")));
        assertThat(lines().get(0).path("checkpoint").asString())
                .isEqualTo(Path.of("输出/checkpoint-7").toString());
        assertThat(summary()).containsExactly("save 7");
    }

    @Test
    void otherEventsAreNoLines() {
        log.on(new TrainingEvent.Warning("something"));
        log.on(new TrainingEvent.EpochEnd(1));
        log.on(new TrainingEvent.StepEnd(1, 2, 0.5, 1, 1, 1e-3, 10));
        log.on(new TrainingEvent.Evaluate(1, 0.5, Map.of("eval_loss", 1.0)));
        assertThat(file).doesNotExist();
    }

    @Test
    void everyLineIsJsonThoughAFigureIsNoNumber() {
        log.on(log(1, "loss", Double.NaN));
        log.on(log(2, "loss", Double.POSITIVE_INFINITY));
        assertThat(lines().get(0).path("loss").asString()).isEqualTo("NaN");
        assertThat(lines().get(1).path("loss").asString()).isEqualTo("Infinity");
    }

    /** The log of a run that saved at 4 and 8 and logged every 2 steps; which lines are left when it resumes. */
    @ParameterizedTest
    @CsvSource({
        "8, 'log 2,log 4,save 4,log 6,log 8,save 8'",
        "4, 'log 2,log 4,save 4'",
        "5, 'log 2,log 4,save 4'",
        "6, 'log 2,log 4,save 4,log 6'",
        "1, ''",
        "0, ''",
        "100, 'log 2,log 4,save 4,log 6,log 8,save 8,log 10'"
    })
    void aResumedRunKeepsWhatCameBeforeItsCheckpoint(int startStep, String kept) {
        for (int step = 2; step <= 10; step += 2) {
            log.on(log(step, "loss", 1.0));
            if (step % 4 == 0) {
                log.on(new TrainingEvent.Save(step, Path.of("checkpoint-" + step)));
            }
        }
        log.on(begin(startStep));
        assertThat(String.join(",", summary())).isEqualTo(kept);
    }

    @Test
    void aLineThatWasCutByACrashIsRemoved() throws IOException {
        log.on(log(2, "loss", 1.0));
        Files.writeString(file, "{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"log\",\"st", StandardOpenOption.APPEND);
        log.on(begin(5));
        assertThat(summary()).containsExactly("log 2");
        log.on(log(6, "loss", 1.0));
        assertThat(summary()).containsExactly("log 2", "log 6");
    }

    /** A crash may cut a Chinese file name in the middle of a character. */
    @Test
    void aLineThatWasCutWithinACharacterIsRemoved() throws IOException {
        log.on(log(2, "loss", 1.0));
        byte[] cut = "{\"event\":\"save\",\"checkpoint\":\"输".getBytes(StandardCharsets.UTF_8);
        Files.write(file, Arrays.copyOf(cut, cut.length - 1), StandardOpenOption.APPEND);
        log.on(begin(5));
        assertThat(summary()).containsExactly("log 2");
    }

    @Test
    void aNewRunEmptiesTheFile() throws IOException {
        log.on(log(2, "loss", 1.0));
        log.on(begin(0));
        assertThat(file).exists().isEmptyFile();
    }

    private static TrainingEvent begin(int startStep) {
        return new TrainingEvent.TrainBegin(new RunPlan(List.of()), startStep, 20);
    }

    private static TrainingEvent log(int step, String name, double value) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(name, value);
        row.put("step", step);
        return new TrainingEvent.Log(row);
    }

    private List<String> summary() {
        return lines().stream()
                .map(line -> line.path("event").asString() + " " + line.path("step"))
                .toList();
    }

    private List<JsonNode> lines() {
        try {
            return Files.readAllLines(file).stream()
                    .map(JsonMapper.shared()::readTree)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
