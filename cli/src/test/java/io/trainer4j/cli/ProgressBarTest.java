package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.train.Forecast;
import io.trainer4j.train.LogLevel;
import io.trainer4j.train.RunPlan;
import io.trainer4j.train.TrainOutput;
import io.trainer4j.train.TrainerCallback.Decision;
import io.trainer4j.train.TrainingEvent;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void elsewhereThanOnATerminalEveryTenthIsALine() {
        run(false, false, 0, 100);
        List<String> bars = text().lines().filter(line -> line.startsWith("[")).toList();
        assertThat(bars).hasSize(10);
        assertThat(bars.get(0)).startsWith("[#.........] 10/100  epoch 0.10  loss 2.0000  ");
        assertThat(bars.get(9))
                .startsWith("[##########] 100/100  epoch 1.00  loss ")
                .endsWith("ETA 0:00");
        assertThat(text()).doesNotContain("\r", "\u001b");
        assertThat(out.size()).isZero();
    }

    @Test
    void aShortRunHasALineForEveryStep() {
        run(false, false, 0, 3);
        assertThat(text().lines().filter(line -> line.startsWith("["))).hasSize(3);
    }

    @Test
    void onATerminalTheBarIsRedrawnWithinEightyColumns() {
        run(true, false, 0, 12345);
        List<String> bars = List.of(text().split("\r\u001b\\[K", -1)).stream()
                .filter(line -> line.startsWith("["))
                .toList();
        assertThat(bars).hasSize(12345).allMatch(bar -> bar.length() < 80 && !bar.contains("\n"));
    }

    @Test
    void evaluationsAndCheckpointsReplaceTheBar() {
        ProgressBar bar = new ProgressBar(new Loudness(terminal(true), terminal(true)), false);
        bar.on(new TrainingEvent.TrainBegin(new RunPlan(List.of()), 0, 10));
        bar.on(step(1, 10));
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("eval_loss", 1.25);
        metrics.put("eval_runtime", 3.0);
        metrics.put("eval_samples_per_second", 3.0);
        bar.on(new TrainingEvent.Evaluate(1, 0.5, metrics));
        bar.on(new TrainingEvent.Save(1, Path.of("out", "checkpoint-1")));
        assertThat(text())
                .endsWith("\r\u001b[Kepoch 0.5000  eval_loss 1.2500\n\r\u001b[Ksaved " + Path.of("out", "checkpoint-1")
                        + "\n");
    }

    @Test
    void disabledThereIsNoBarButTheRest() {
        run(false, true, 0, 20);
        assertThat(text()).isEqualTo("20 steps in 1:05, mean loss 1.5000\n");
    }

    @Test
    void aResumedRunSaysWhereItGoesOn() {
        run(false, false, 50, 100);
        assertThat(text()).startsWith("Goes on after step 50 of 100.\n[######....] 60/100  ");
        assertThat(text()).endsWith("50 steps in 1:05, mean loss 1.5000\n");
    }

    @Test
    void warningsAndSkippedStepsAreTold() {
        ProgressBar bar = new ProgressBar(new Loudness(terminal(false), terminal(false)), false);
        bar.on(new TrainingEvent.TrainBegin(new RunPlan(List.of()), 0, 10));
        bar.on(new TrainingEvent.StepEnd(1, 10, 0.1, Double.NaN, 1, 1e-3, 100));
        bar.on(new TrainingEvent.Warning("Something is odd."));
        bar.on(step(2, 10));
        bar.on(new TrainingEvent.Forecasted(
                new Forecast(1, 2, 0, List.of(new RunPlan.Item("time", "2.0 s", "the first 3 steps")))));
        bar.on(new TrainingEvent.TrainEnd(new TrainOutput(2, 1.5, 65, false, 1, 13)));
        assertThat(text())
                .containsPattern(
                        "1/10 .* loss NaN .*\nSomething is odd.\n.* 2/10 .* loss 2.0000 .*\nForecast\n  time  2.0 s \\(the first 3 steps\\)\n")
                .endsWith(
                        "2 steps in 1:05, 20.0 % of it waiting for rows, mean loss 1.5000, 1 steps skipped for a loss that is no number\n");
    }

    @Test
    void whereOnlyWarningsAreToldTheRestIsSilent() {
        Terminal terminal = terminal(true);
        ProgressBar bar = new ProgressBar(Loudness.of(terminal, LogLevel.WARNING), false);
        bar.on(new TrainingEvent.TrainBegin(new RunPlan(List.of()), 0, 10));
        bar.on(step(1, 10));
        bar.on(new TrainingEvent.Evaluate(1, 0.5, Map.of("eval_loss", 1.25)));
        bar.on(new TrainingEvent.Warning("Something is odd."));
        bar.on(new TrainingEvent.TrainEnd(new TrainOutput(2, 1.5, 65, false, 0, 0)));
        assertThat(text()).isEqualTo("\r\u001b[KSomething is odd.\n");
        new ProgressBar(Loudness.of(terminal, LogLevel.ERROR), false).on(new TrainingEvent.Warning("Odd again."));
        assertThat(text()).doesNotContain("again");
    }

    private void run(boolean interactive, boolean disabled, int start, int total) {
        ProgressBar bar = new ProgressBar(new Loudness(terminal(interactive), terminal(interactive)), disabled);
        bar.on(new TrainingEvent.TrainBegin(new RunPlan(List.of()), start, total));
        for (int step = start + 1; step <= total; step++) {
            assertThat(bar.on(step(step, total))).isEqualTo(Decision.CONTINUE);
        }
        bar.on(new TrainingEvent.TrainEnd(new TrainOutput(total, 1.5, 65, false, 0, 0)));
    }

    private static TrainingEvent.StepEnd step(int step, int total) {
        return new TrainingEvent.StepEnd(step, total, step / (double) total, 2, 1, 1e-3, 100);
    }

    private Terminal terminal(boolean interactive) {
        return new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interactive);
    }

    private String text() {
        return err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
