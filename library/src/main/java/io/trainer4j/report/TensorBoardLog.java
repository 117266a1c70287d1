package io.trainer4j.report;

import io.trainer4j.train.TrainerCallback;
import io.trainer4j.train.TrainingEvent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * Logs for TensorBoard in {@code runs/} of the output folder, with the tags of {@code TensorBoardCallback} in
 * transformers/integrations: {@code train/loss}, {@code train/learning_rate}, {@code train/grad_norm}, {@code eval/loss}
 * and so on. Every call of {@code train} begins a file of its own, in a folder named after the run or else after time and
 * machine.
 */
public final class TensorBoardLog implements TrainerCallback {
    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("MMMdd_HH-mm-ss", Locale.ENGLISH).withZone(ZoneId.systemDefault());

    private final Path runs;
    private final String runName;
    private EventFile file;

    /** Writes below a run's output folder, into a folder named after time and machine. */
    public TensorBoardLog(Path outputDir) {
        this(outputDir, null);
    }

    /**
     * Writes below a run's output folder.
     *
     * @param runName the name TensorBoard shows, a plain file name; null for time and machine
     */
    public TensorBoardLog(Path outputDir, String runName) {
        runs = outputDir.resolve("runs");
        this.runName = runName;
    }

    @Override
    public Decision on(TrainingEvent event) {
        if (event instanceof TrainingEvent.TrainBegin) {
            file = null;
        } else if (event instanceof TrainingEvent.Log log) {
            write(log.row());
        }
        return Decision.CONTINUE;
    }

    private void write(Map<String, Object> row) {
        Instant now = Instant.now();
        double wallTime = now.toEpochMilli() / 1e3;
        if (file == null) {
            String host = host();
            file = new EventFile(runs.resolve(runName == null ? FOLDER.format(now) + "_" + host : runName)
                    .resolve("events.out.tfevents.%d.%s.%d.0"
                            .formatted(
                                    now.getEpochSecond(),
                                    host,
                                    ProcessHandle.current().pid())));
            file.begin(wallTime);
        }
        long step = ((Number) row.get("step")).longValue();
        row.forEach((name, value) -> {
            if (!name.equals("step") && value instanceof Number number) {
                file.scalar(wallTime, step, tag(name), number.doubleValue());
            }
        });
    }

    /** The name in TensorBoard; {@code train_runtime} becomes {@code train/train_runtime}, as in Python. */
    private static String tag(String name) {
        return name.startsWith("eval_") ? "eval/" + name.substring("eval_".length()) : "train/" + name;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost"; // a machine whose name no one can look up still has logs
        }
    }
}
