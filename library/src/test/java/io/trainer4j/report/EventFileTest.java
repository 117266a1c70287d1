package io.trainer4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.train.RunPlan;
import io.trainer4j.train.TrainingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16383, 16384, 2147483647L, 9007199254740993L})
    void everyStepIsReadBack(long step) throws IOException {
        EventFile file = new EventFile(folder.resolve("events"));
        file.scalar(1.5, step, "train/loss", 0.25);
        assertThat(EventFileReader.read(folder.resolve("events")))
                .containsExactly(new EventFileReader.Event(1.5, step, null, "train/loss", 0.25f));
    }

    /** Fields 1 (double) and 3 (version) of tensorboard/compat/proto/event.proto between length and checksums. */
    @Test
    void theFirstRecordIsTheVersion() throws IOException {
        new EventFile(folder.resolve("events")).begin(1);
        String hex = HexFormat.of().formatHex(Files.readAllBytes(folder.resolve("events")));
        assertThat(hex).startsWith("1800000000000000");
        assertThat(hex.substring(24, hex.length() - 8))
                .isEqualTo("09000000000000f03f" + "1a0d"
                        + HexFormat.of()
                                .formatHex("brain.Event:2".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }

    @Test
    void recordsAreAppended() throws IOException {
        EventFile file = new EventFile(folder.resolve("deep/er/events"));
        file.begin(1);
        long size = Files.size(folder.resolve("deep/er/events"));
        file.scalar(2, 1, "标签", Double.NaN);
        file.scalar(3, 2, "a", 1e300);
        List<EventFileReader.Event> events = EventFileReader.read(folder.resolve("deep/er/events"));
        assertThat(events).hasSize(3);
        assertThat(events.get(1).tag()).isEqualTo("标签");
        assertThat(events.get(1).value()).isNaN();
        assertThat(events.get(2).value()).as("floats, as in Python").isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(Files.size(folder.resolve("deep/er/events"))).isGreaterThan(size);
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        Path blocked = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> new EventFile(blocked.resolve("events")).begin(1))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("Could not write " + blocked.resolve("events"));
    }

    @Test
    void figuresOnlyBecomeScalars() throws IOException {
        TensorBoardLog log = new TensorBoardLog(folder);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("loss", 1.0);
        row.put("note", "text");
        row.put("step", 3);
        log.on(new TrainingEvent.Warning("nothing"));
        assertThat(folder.resolve("runs")).doesNotExist();
        log.on(new TrainingEvent.Log(row));
        assertThat(EventFileReader.read(files().get(0)).stream().map(EventFileReader.Event::tag))
                .containsExactly(null, "train/loss");
    }

    @Test
    void aRunThatBeginsAgainGoesOnInAFileThatIsWhole() throws IOException {
        TensorBoardLog log = new TensorBoardLog(folder);
        for (int run = 0; run < 2; run++) {
            log.on(new TrainingEvent.TrainBegin(new RunPlan(List.of()), 0, 1));
            log.on(new TrainingEvent.Log(Map.of("step", 1, "eval_loss", 2.0)));
        }
        long versions = 0;
        for (Path file : files()) {
            versions += EventFileReader.read(file).stream()
                    .filter(event -> event.fileVersion() != null)
                    .count();
        }
        assertThat(versions).isEqualTo(2);
    }

    private List<Path> files() throws IOException {
        try (var files = Files.walk(folder.resolve("runs"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
