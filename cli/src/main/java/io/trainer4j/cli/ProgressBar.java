package io.trainer4j.cli;

import io.trainer4j.train.TrainerCallback;
import io.trainer4j.train.TrainingEvent;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Shows a run on standard error: a bar that is redrawn where a person watches, a line every tenth of the run elsewhere,
 * and every evaluation. Own code: a progress library would bring a thread and still know neither loss nor tokens/s.
 */
final class ProgressBar implements TrainerCallback {
    private static final int WIDTH = 24;

    private final Terminal terminal;
    private final boolean silent;
    private long started;
    private long tokens;
    private int firstStep;
    private double smoothedLoss;
    private int lastTenth;

    ProgressBar(Terminal terminal, boolean silent) {
        this.terminal = terminal;
        this.silent = silent;
    }

    @Override
    public Decision on(TrainingEvent event) {
        if (silent) {
            return Decision.CONTINUE;
        }
        if (event instanceof TrainingEvent.TrainBegin begin) {
            started = System.nanoTime();
            firstStep = begin.startStep();
            lastTenth = 10 * begin.startStep() / begin.totalSteps();
        } else if (event instanceof TrainingEvent.StepEnd step) {
            show(step);
        } else if (event instanceof TrainingEvent.Evaluate evaluation) {
            line("epoch %.4g  %s".formatted(evaluation.epoch(), figures(evaluation.metrics())));
        } else if (event instanceof TrainingEvent.Save save) {
            line("saved " + save.checkpoint());
        } else if (event instanceof TrainingEvent.TrainEnd end) {
            line("%d steps in %s, mean loss %.4f"
                    .formatted(
                            end.output().globalStep(),
                            duration(end.output().runtimeSeconds()),
                            end.output().trainingLoss()));
        }
        return Decision.CONTINUE;
    }

    private void show(TrainingEvent.StepEnd step) {
        tokens += step.tokens();
        smoothedLoss = smoothedLoss == 0 ? step.loss() : 0.9 * smoothedLoss + 0.1 * step.loss();
        double seconds = (System.nanoTime() - started) / 1e9;
        double secondsPerStep = seconds / (step.step() - firstStep);
        int filled = WIDTH * step.step() / step.totalSteps();
        String text = "[%s%s] %d/%d  epoch %.2f  loss %.4f  %,.0f tokens/s  ETA %s"
                .formatted(
                        "#".repeat(filled),
                        ".".repeat(WIDTH - filled),
                        step.step(),
                        step.totalSteps(),
                        step.epoch(),
                        smoothedLoss,
                        tokens / seconds,
                        duration(secondsPerStep * (step.totalSteps() - step.step())));
        int tenth = 10 * step.step() / step.totalSteps();
        if (terminal.interactive()) {
            terminal.err().print("\r" + text + "\u001b[K");
            terminal.err().flush();
        } else if (tenth > lastTenth) {
            terminal.err().println(text);
        }
        lastTenth = tenth;
    }

    private void line(String text) {
        terminal.err().println((terminal.interactive() ? "\r\u001b[K" : "") + text);
    }

    /** The figures a person reads; runtimes are left to the log. */
    static String figures(Map<String, Double> metrics) {
        return metrics.entrySet().stream()
                .filter(metric -> !metric.getKey().matches(".*(_runtime|_per_second)"))
                .map(metric -> "%s %.4f".formatted(metric.getKey(), metric.getValue()))
                .collect(Collectors.joining("  "));
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
