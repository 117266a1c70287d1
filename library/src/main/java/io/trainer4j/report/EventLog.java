package io.trainer4j.report;

import io.trainer4j.AtomicFile;
import io.trainer4j.train.TrainerCallback;
import io.trainer4j.train.TrainingEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code events.jsonl}: what happened in a run, one JSON object per line, on disk as soon as it happened. Each has {@code
 * time} (UTC), {@code event} and {@code step}; {@code log}, {@code eval} and {@code end} also the figures of the row of
 * {@code log_history}, {@code save} the {@code checkpoint}.
 *
 * <p>A new run begins a new file. A resumed one first removes what came after its checkpoint, so that no step is in it
 * twice.
 */
public final class EventLog implements TrainerCallback {
    /** The file's name in the output folder. */
    public static final String NAME = "events.jsonl";

    private final Path file;

    /** Writes into a folder, which is made if need be. */
    public EventLog(Path outputDir) {
        file = outputDir.resolve(NAME);
    }

    @Override
    public Decision on(TrainingEvent event) {
        if (event instanceof TrainingEvent.TrainBegin begin) {
            goBackTo(begin.startStep());
        } else if (event instanceof TrainingEvent.Log log) {
            append(kind(log.row()), log.row());
        } else if (event instanceof TrainingEvent.Save save) {
            append(
                    "save",
                    Map.of("step", save.step(), "checkpoint", save.checkpoint().toString()));
        }
        return Decision.CONTINUE;
    }

    private static String kind(Map<String, Object> row) {
        return row.containsKey("train_runtime") ? "end" : row.containsKey("eval_loss") ? "eval" : "log";
    }

    private void append(String kind, Map<String, Object> row) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Instant.now().toString());
        line.put("event", kind);
        line.put("step", row.get("step"));
        line.putAll(row);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(
                    file,
                    JsonMapper.shared().writeValueAsString(line) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw AtomicFile.failure(file, e);
        }
    }

    private void goBackTo(int step) {
        try {
            if (Files.exists(file)) {
                // A line that a crash has cut may end within a character, which is no reason to refuse the others.
                List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
                String kept = String.join("\n", lines.subList(0, linesUntil(step, lines)));
                AtomicFile.writeString(file, kept.isEmpty() ? "" : kept + "\n");
            }
        } catch (IOException e) {
            throw AtomicFile.failure(file, e);
        }
    }

    /** Through the line that tells of the checkpoint; where there is none, while the step is not passed. */
    private static int linesUntil(int step, List<String> lines) {
        int count = 0;
        while (step > 0 && count < lines.size()) {
            JsonNode line = parsed(lines.get(count));
            if (line.path("step").asInt(Integer.MAX_VALUE) > step) {
                return count;
            }
            count++;
            if (line.path("event").asString("").equals("save")
                    && line.path("step").asInt() == step) {
                return count;
            }
        }
        return count;
    }

    /** A line that was cut by a crash is as one that comes later. */
    private static JsonNode parsed(String line) {
        try {
            return JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            return JsonMapper.shared().createObjectNode();
        }
    }
}
