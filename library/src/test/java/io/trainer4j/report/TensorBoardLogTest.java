package io.trainer4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.train.RunPlan;
import io.trainer4j.train.TrainingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardLogTest {
    @TempDir
    Path out;

    @Test
    void figuresHaveTheTagsOfPython() throws IOException {
        TensorBoardLog log = new TensorBoardLog(out);
        log.on(new TrainingEvent.TrainBegin(new RunPlan(List.of()), 0, 600));
        log.on(new TrainingEvent.Log(row("loss", 2.5, "learning_rate", 5e-5, "grad_norm", 1.25, "epoch", 0.5, 300)));
        log.on(new TrainingEvent.Log(
                row("eval_loss", 2.25, "eval_f1_macro", 0.5, "total_flos", 1e9, "epoch", 1.0, 600)));

        List<EventFileReader.Event> events = EventFileReader.read(onlyFile());
        assertThat(events.get(0).fileVersion()).isEqualTo("brain.Event:2");
        assertThat(events.stream().skip(1).map(e -> e.tag() + " " + e.step() + " " + e.value()))
                .containsExactly(
                        "train/loss 300 2.5",
                        "train/learning_rate 300 5.0E-5",
                        "train/grad_norm 300 1.25",
                        "train/epoch 300 0.5",
                        "eval/loss 600 2.25",
                        "eval/f1_macro 600 0.5",
                        "train/total_flos 600 1.0E9",
                        "train/epoch 600 1.0");
        assertThat(events).allMatch(event -> event.wallTime() > 1.7e9);
    }

    @Test
    void aRunMayHaveAName() {
        TensorBoardLog log = new TensorBoardLog(out, "night");
        for (int run = 0; run < 2; run++) {
            log.on(new TrainingEvent.TrainBegin(new RunPlan(List.of()), 0, 600));
            log.on(new TrainingEvent.Log(row("loss", 2.5, 300)));
        }
        assertThat(out.resolve("runs")).isDirectoryContaining("glob:**/night");
        assertThat(out.resolve("runs/night")).isDirectoryContaining("glob:**/events.out.tfevents.*");
    }

    private static Map<String, Object> row(Object... parts) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i + 1 < parts.length; i += 2) {
            row.put((String) parts[i], parts[i + 1]);
        }
        row.put("step", parts[parts.length - 1]);
        return row;
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.walk(out.resolve("runs"))) {
            List<Path> found = files.filter(Files::isRegularFile).toList();
            assertThat(found).hasSize(1);
            assertThat(out.resolve("runs").relativize(found.get(0)).toString())
                    .matches("[A-Z][a-z]{2}\\d\\d_\\d\\d-\\d\\d-\\d\\d_.+[/\\\\]events\\.out\\.tfevents\\.\\d+\\..+");
            return found.get(0);
        }
    }

    /** RFC 3720, B.4, has the CRC-32C of 32 zeros: 8a9136aa; the mask is that of record_writer.cc. */
    @Test
    void checksumsAreMasked() {
        int crc = 0x8a9136aa;
        assertThat(EventFile.maskedCrc(new byte[32])).isEqualTo(((crc >>> 15) | (crc << 17)) + 0xa282ead8);
    }
}
