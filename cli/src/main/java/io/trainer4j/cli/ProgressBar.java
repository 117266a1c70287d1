package io.trainer4j.cli;

import io.trainer4j.train.RunPlan;
import io.trainer4j.train.TrainerCallback;
import io.trainer4j.train.TrainingEvent;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Shows a run on standard error: a bar that is redrawn where a person watches, a line every tenth of the run elsewhere,
 * and every evaluation, checkpoint and warning, and what the first steps say of the rest. Own code: a progress library would
 * bring a thread and still know neither loss nor tokens per second.
 */
final class ProgressBar implements TrainerCallback {
    /** Keeps the whole line below 80 columns, beyond which it could not be redrawn. */
    private static final int WIDTH = 10;

    private final Terminal terminal;
    private final Terminal warnings;
    private final boolean barDisabled;
    private long started;
    private long tokens;
    private int firstStep;
    private double smoothedLoss = Double.NaN;
    private int lastTenth;

    /**
     * @param barDisabled no bar, as {@code disable_tqdm} asks; evaluations and checkpoints are told all the same
     */
    ProgressBar(Loudness loudness, boolean barDisabled) {
        terminal = loudness.info();
        warnings = loudness.warnings();
        this.barDisabled = barDisabled;
    }

    @Override
    public Decision on(TrainingEvent event) {
        if (event instanceof TrainingEvent.TrainBegin begin) {
            begin(begin);
        } else if (event instanceof TrainingEvent.StepEnd step && !barDisabled) {
            show(step);
        } else if (event instanceof TrainingEvent.Forecasted forecasted) {
            terminal.tell("Forecast\n" + new RunPlan(forecasted.forecast().items()));
        } else if (event instanceof TrainingEvent.Evaluate evaluation) {
            terminal.tell("epoch %.4g  %s".formatted(evaluation.epoch(), figures(evaluation.metrics())));
        } else if (event instanceof TrainingEvent.Save save) {
            terminal.tell("saved " + save.checkpoint());
        } else if (event instanceof TrainingEvent.Warning warning) {
            warnings.tell(warning.message());
        } else if (event instanceof TrainingEvent.TrainEnd end) {
            int skipped = end.output().skippedSteps();
            double waited = end.output().dataWaitSeconds() / end.output().runtimeSeconds();
            terminal.tell("%d steps in %s%s, mean loss %.4f%s"
                    .formatted(
                            end.output().globalStep() - firstStep,
                            duration(end.output().runtimeSeconds()),
                            waited > 0 ? ", %.1f %% of it waiting for rows".formatted(100 * waited) : "",
                            end.output().trainingLoss(),
                            skipped == 0 ? "" : ", " + skipped + " steps skipped for a loss that is no number"));
        }
        return Decision.CONTINUE;
    }

    private void begin(TrainingEvent.TrainBegin begin) {
        started = System.nanoTime();
        firstStep = begin.startStep();
        lastTenth = 10 * firstStep / begin.totalSteps();
        if (firstStep > 0) {
            terminal.tell("Goes on after step %d of %d.".formatted(firstStep, begin.totalSteps()));
        }
    }

    private void show(TrainingEvent.StepEnd step) {
        tokens += step.tokens();
        if (Double.isFinite(step.loss())) {
            smoothedLoss = Double.isNaN(smoothedLoss) ? step.loss() : 0.9 * smoothedLoss + 0.1 * step.loss();
        }
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
            terminal.redraw(text);
        } else if (tenth > lastTenth) {
            terminal.tell(text);
        }
        lastTenth = tenth;
    }

    /** The figures a person reads; runtimes are left to the log. */
    private static String figures(Map<String, Double> metrics) {
        return metrics.entrySet().stream()
                .filter(metric -> !metric.getKey().matches(".*(_runtime|_per_second)"))
                .map(metric -> "%s %.4f".formatted(metric.getKey(), metric.getValue()))
                .collect(Collectors.joining("  "));
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? "%d:%02d".formatted(whole / 60, whole % 60)
                : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
    }
}
