package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process that is told to stop leaves a checkpoint from which the printed command ends as if nothing had been. */
class InterruptTest {
    private static final String STEPS = "1000";

    @TempDir
    Path folder;

    /** SIGTERM, and Ctrl-C. */
    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Java cannot ask a process to stop there, only end it")
    void aStoppedRunGoesOnAndEndsLikeAnUndisturbedOne(String signal, int exitStatus)
            throws IOException, InterruptedException {
        Path base = Cli.tinyModel(folder.resolve("base"));
        Path rows = Cli.questions(folder.resolve("qa.csv"));
        Path stopped = folder.resolve("stopped run");
        Path whole = folder.resolve("whole");

        List<String> told = stopAtTheFirstProgress(signal, exitStatus, words(base, rows, stopped));
        String goOn = told.get(told.size() - 1);
        assertThat(told).contains("Stopping: this step is finished and a checkpoint saved first.");
        assertThat(goOn)
                .matches("Stopped at step \\d+\\. Go on with: \\./trainer4j finetune --config .*"
                        + " --resume-from-checkpoint true");
        assertThat(stopped.resolve("config.json")).doesNotExist();

        Cli resumed = Cli.succeed(command(goOn));
        assertThat(resumed.err()).containsPattern("Goes on after step \\d+ of " + STEPS);
        Cli.succeed(words(base, rows, whole));
        assertThat(Files.mismatch(stopped.resolve("model.safetensors"), whole.resolve("model.safetensors")))
                .isEqualTo(-1);
        assertThat(log(stopped)).hasSizeGreaterThan(10).isEqualTo(log(whole));
    }

    private static String[] words(Path base, Path rows, Path out) {
        return Cli.words(
                List.of("finetune", "--model", base.toString(), "--train-file", rows.toString()),
                List.of("--output-dir", out.toString(), "--max-steps", STEPS, "--logging-steps", "50"),
                List.of("--save-strategy", "no", "--test-size", "0", "--learning-rate", "1e-3"));
    }

    /** What the process writes to standard error until it ends. */
    private static List<String> stopAtTheFirstProgress(String signal, int exitStatus, String[] words)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        line.addAll(List.of(words));
        Process process = new ProcessBuilder(line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> told = new ArrayList<>();
        try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            for (String text = err.readLine(); text != null; text = err.readLine()) {
                told.add(text);
                if (text.startsWith("[#....")) {
                    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                            .start()
                            .waitFor();
                }
            }
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("128 + signal").isEqualTo(exitStatus);
        return told;
    }

    /** The words of the printed command, as a shell splits them. */
    private static String[] command(String line) {
        String words = line.substring(line.indexOf("finetune"));
        String quoted = words.replaceFirst("^[^\"]*\"([^\"]*)\".*$", "$1");
        return Cli.words(
                List.of("finetune", "--config", quoted),
                List.of(words.substring(words.lastIndexOf('"') + 2).split(" ")));
    }

    /** The log without times. */
    private static List<Map<String, JsonNode>> log(Path folder) throws IOException {
        JsonNode state = JsonMapper.shared().readTree(Files.readString(folder.resolve("trainer_state.json")));
        List<Map<String, JsonNode>> rows = new ArrayList<>();
        for (JsonNode row : state.path("log_history")) {
            Map<String, JsonNode> kept = new TreeMap<>();
            row.properties().forEach(cell -> kept.put(cell.getKey(), cell.getValue()));
            kept.keySet().removeIf(name -> name.matches(".*_(runtime|per_second)"));
            rows.add(kept);
        }
        return rows;
    }
}
