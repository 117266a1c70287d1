package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.option.Option;
import java.util.List;

/** What is logged, and when. */
abstract class LoggingArguments<T extends LoggingArguments<T>> extends DeviceArguments<T> {
    @Option(help = "When to log.")
    IntervalStrategy loggingStrategy = IntervalStrategy.STEPS;

    @Option(help = "Steps between two logs; below 1 a ratio of all steps.", above = 0)
    double loggingSteps = 500;

    @Option(help = "Also log the first step.")
    boolean loggingFirstStep = false;

    @Option(
            help = "With hf_compat, log the running mean in place of a loss that is not a number.",
            noEffect = "a loss that is not a number ends the run, unless hf_compat is on")
    boolean loggingNanInfFilter = true;

    @Option(help = "Log how many tokens were trained on: all, or all but padding.")
    TokenCount includeNumInputTokensSeen = TokenCount.NO;

    @Option(
            help =
                    "How much the command line tells: warning leaves out the plan and the progress, error and critical the"
                            + " warnings too, the others tell all; programs configure their own logging library.")
    LogLevel logLevel = LogLevel.PASSIVE;

    @Option(help = "Show no progress bar.")
    boolean disableTqdm = false;

    @Option(
            help =
                    "Trackers: tensorboard, or all, writes TensorBoard files under output_dir/runs, others are not contacted.")
    List<String> reportTo = List.of("none");

    @Option(help = "Name of the run: of its folder below output_dir/runs for TensorBoard; unset: time and machine.")
    String runName;

    @Option(
            help =
                    "With underflow_overflow a run ends at a loss or gradient that is not a number with hf_compat too; without"
                            + " hf_compat, on_nan decides.")
    List<String> debug = List.of();

    @Option(
            help =
                    "Leave memory out of the metrics; false adds what train and evaluate took and their peaks, on Linux.")
    boolean skipMemoryMetrics = true;

    @Option(help = "Train, for scripts that ask.", noEffect = "the command or the call decides what is done")
    boolean doTrain = false;

    @Option(help = "Evaluate, for scripts that ask.", noEffect = "eval_strategy decides when to evaluate")
    boolean doEval = false;

    @Option(help = "Predict, for scripts that ask.", noEffect = "the command or the call decides what is done")
    boolean doPredict = false;

    public IntervalStrategy loggingStrategy() {
        return loggingStrategy;
    }

    public T loggingStrategy(IntervalStrategy value) {
        return with(copy -> copy.loggingStrategy = value);
    }

    public double loggingSteps() {
        return loggingSteps;
    }

    public T loggingSteps(double value) {
        return with(copy -> copy.loggingSteps = value);
    }

    public boolean loggingFirstStep() {
        return loggingFirstStep;
    }

    public T loggingFirstStep(boolean value) {
        return with(copy -> copy.loggingFirstStep = value);
    }

    public boolean loggingNanInfFilter() {
        return loggingNanInfFilter;
    }

    public T loggingNanInfFilter(boolean value) {
        return with(copy -> copy.loggingNanInfFilter = value);
    }

    public TokenCount includeNumInputTokensSeen() {
        return includeNumInputTokensSeen;
    }

    public T includeNumInputTokensSeen(TokenCount value) {
        return with(copy -> copy.includeNumInputTokensSeen = value);
    }

    public LogLevel logLevel() {
        return logLevel;
    }

    public T logLevel(LogLevel value) {
        return with(copy -> copy.logLevel = value);
    }

    public boolean disableTqdm() {
        return disableTqdm;
    }

    public T disableTqdm(boolean value) {
        return with(copy -> copy.disableTqdm = value);
    }

    public List<String> reportTo() {
        return reportTo;
    }

    public T reportTo(List<String> value) {
        return with(copy -> copy.reportTo = List.copyOf(value));
    }

    /** Whether TensorBoard is among the trackers. */
    public boolean reportsToTensorBoard() {
        return reportTo.contains("tensorboard") || reportTo.contains("all");
    }

    public String runName() {
        return runName;
    }

    public T runName(String value) {
        return with(copy -> copy.runName = value);
    }

    /** Whether a loss or gradient that is not a number ends the run whatever else is asked for. */
    boolean watchesOverflow() {
        return debug.contains("underflow_overflow");
    }

    /** Checks what names a folder, or one of a few watches. */
    void validateLogging() {
        if (runName != null && (runName.isBlank() || runName.matches(".*[/\\\\].*|\\.{1,2}"))) {
            throw new UsageException("Option run_name is '" + runName
                    + "' but names a folder below output_dir/runs; give a name without / and \\.");
        }
        for (String watch : debug) {
            if (!watch.isEmpty() && !watch.equals("underflow_overflow")) {
                throw new UsageException("Option debug is '" + watch
                        + "' but must be underflow_overflow; other watches are for TPUs, and the model is trained on the"
                        + " CPU.");
            }
        }
    }

    public List<String> debug() {
        return debug;
    }

    public T debug(List<String> value) {
        return with(copy -> copy.debug = List.copyOf(value));
    }

    public boolean skipMemoryMetrics() {
        return skipMemoryMetrics;
    }

    public T skipMemoryMetrics(boolean value) {
        return with(copy -> copy.skipMemoryMetrics = value);
    }

    public boolean doTrain() {
        return doTrain;
    }

    public T doTrain(boolean value) {
        return with(copy -> copy.doTrain = value);
    }

    public boolean doEval() {
        return doEval;
    }

    public T doEval(boolean value) {
        return with(copy -> copy.doEval = value);
    }

    public boolean doPredict() {
        return doPredict;
    }

    public T doPredict(boolean value) {
        return with(copy -> copy.doPredict = value);
    }
}
