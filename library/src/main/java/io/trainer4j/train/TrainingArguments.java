package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.option.Option;
import io.trainer4j.option.Options;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The options of a training run, with the names, defaults and meaning of {@code TrainingArguments} in
 * transformers/training_args.py (5.17). Values are immutable: each change gives a copy. The meaning of an option is the
 * help its field declares; an accessor returns {@code null} for an option that is unset.
 *
 * <pre>{@code
 * TrainingArguments arguments = TrainingArguments.of("out").learningRate(2e-5).numTrainEpochs(3);
 * }</pre>
 *
 * <p>A value out of its range is a {@link UsageException} at once; {@link #validate()} checks options against each other.
 */
public final class TrainingArguments extends Options<TrainingArguments> {
    @Option(help = "Folder for checkpoints and the final model.")
    private Path outputDir = Path.of("trainer_output");

    @Option(help = "Rows in one training batch.", min = 1)
    private int perDeviceTrainBatchSize = 8;

    @Option(help = "Rows in one evaluation batch.", min = 1)
    private int perDeviceEvalBatchSize = 8;

    @Option(help = "Batches whose gradients are added up before an optimizer step.", min = 1)
    private int gradientAccumulationSteps = 1;

    @Option(help = "Peak learning rate of AdamW.", min = 0)
    private double learningRate = 5e-5;

    @Option(help = "Decoupled weight decay; biases and layer norms are left out.", min = 0)
    private double weightDecay = 0;

    @Option(help = "Decay rate of the running mean of gradients.", min = 0, below = 1)
    private double adamBeta1 = 0.9;

    @Option(help = "Decay rate of the running mean of squared gradients.", min = 0, below = 1)
    private double adamBeta2 = 0.999;

    @Option(help = "Added to the denominator of the AdamW step.", min = 0)
    private double adamEpsilon = 1e-8;

    @Option(help = "Gradients with a larger global norm are scaled down to it; 0 turns this off.", min = 0)
    private double maxGradNorm = 1;

    @Option(help = "Passes over the training set; may be a fraction.", above = 0)
    private double numTrainEpochs = 3;

    @Option(help = "Optimizer steps of the whole run, instead of num_train_epochs if positive.", min = -1)
    private int maxSteps = -1;

    @Option(help = "How the learning rate changes after warmup.")
    private SchedulerType lrSchedulerType = SchedulerType.LINEAR;

    @Option(help = "Steps in which the learning rate rises from 0; below 1 a ratio of all steps.", min = 0)
    private double warmupSteps = 0;

    @Option(help = "When to log.")
    private IntervalStrategy loggingStrategy = IntervalStrategy.STEPS;

    @Option(help = "Steps between two logs; below 1 a ratio of all steps.", above = 0)
    private double loggingSteps = 500;

    @Option(help = "Also log the first step.")
    private boolean loggingFirstStep = false;

    @Option(help = "When to evaluate.")
    private IntervalStrategy evalStrategy = IntervalStrategy.NO;

    @Option(help = "Steps between two evaluations; below 1 a ratio of all steps; unset: logging_steps.", above = 0)
    private Double evalSteps;

    @Option(help = "Evaluate once before the first step.")
    private boolean evalOnStart = false;

    @Option(help = "Steps or epochs, as eval_strategy counts, to wait before the first evaluation.", min = 0)
    private double evalDelay = 0;

    @Option(help = "When to save a checkpoint; best is not there yet.")
    private IntervalStrategy saveStrategy = IntervalStrategy.STEPS;

    @Option(help = "Steps between two checkpoints; below 1 a ratio of all steps.", above = 0)
    private double saveSteps = 500;

    @Option(help = "Checkpoints kept, the newest and the best; unset: all.", min = 1)
    private Integer saveTotalLimit;

    @Option(help = "Save no optimizer state; such a checkpoint cannot be resumed.")
    private boolean saveOnlyModel = false;

    @Option(help = "Load the best checkpoint after training.")
    private boolean loadBestModelAtEnd = false;

    @Option(help = "Evaluation metric that tells the best checkpoint; unset: loss with load_best_model_at_end.")
    private String metricForBestModel;

    @Option(help = "Whether a larger metric is better; unset: unless its name ends in loss.")
    private Boolean greaterIsBetter;

    @Option(help = "Seed of dropout, new weights and shuffling; up to 2^32 - 1.", min = 0, max = 4294967295.0)
    private long seed = 42;

    @Option(help = "Seed of shuffling alone; unset: seed.", min = 0, max = 4294967295.0)
    private Long dataSeed;

    @Option(help = "Drop the last batch if it is smaller than the others.")
    private boolean dataloaderDropLast = false;

    @Option(help = "Evaluate the loss alone, without metrics.")
    private boolean predictionLossOnly = false;

    @Option(help = "Show no progress bar.")
    private boolean disableTqdm = false;

    @Option(help = "Where logs go besides the output: tensorboard writes event files into runs/ of output_dir.")
    private ReportTo reportTo = ReportTo.NONE;

    @Option(help = "Checkpoint to go on from: its folder, or true for the last one in output_dir.")
    private String resumeFromCheckpoint;

    /** All defaults; {@code output_dir} is {@code trainer_output}. */
    public TrainingArguments() {}

    /** All defaults, with a folder for checkpoints and the final model. */
    public static TrainingArguments of(String outputDir) {
        return new TrainingArguments().outputDir(Path.of(outputDir));
    }

    /** The steps of a run in which the learning rate rises. */
    public int warmupStepsOf(int totalSteps) {
        return steps(warmupSteps, totalSteps);
    }

    /** The steps between two logs in a run. */
    public int loggingStepsOf(int totalSteps) {
        return steps(loggingSteps, totalSteps);
    }

    /** The steps between two evaluations in a run. */
    public int evalStepsOf(int totalSteps) {
        return steps(evalStepsOrLoggingSteps(), totalSteps);
    }

    /** The steps between two checkpoints in a run. */
    public int saveStepsOf(int totalSteps) {
        return steps(saveSteps, totalSteps);
    }

    private static int steps(double stepsOrRatio, int totalSteps) {
        return (int) (stepsOrRatio < 1 ? Math.ceil(totalSteps * stepsOrRatio) : stepsOrRatio);
    }

    private double evalStepsOrLoggingSteps() {
        return evalSteps == null ? loggingSteps : evalSteps;
    }

    /** The metric that tells the best checkpoint, such as {@code eval_loss}; empty if none is looked for. */
    public Optional<String> bestMetric() {
        return Optional.ofNullable(metricForBestModel)
                .or(() -> loadBestModelAtEnd ? Optional.of("loss") : Optional.empty())
                .map(name -> name.startsWith("eval_") ? name : "eval_" + name);
    }

    /** Whether a larger value of {@link #bestMetric()} is better. */
    public boolean bestIsGreatest() {
        return greaterIsBetter == null ? !bestMetric().orElse("loss").endsWith("loss") : greaterIsBetter;
    }

    /** The seed of shuffling: {@code data_seed}, or else {@code seed}. */
    public long shuffleSeed() {
        return dataSeed == null ? seed : dataSeed;
    }

    /**
     * Checks the options against each other, as {@code _validate_args} in transformers/training_args.py does.
     *
     * @throws UsageException names the options that contradict
     */
    public void validate() {
        requireWhole("logging_steps", loggingStrategy, loggingSteps);
        requireWhole("eval_steps", evalStrategy, evalStepsOrLoggingSteps());
        requireWhole("save_steps", saveStrategy, saveSteps);
        if (loadBestModelAtEnd) {
            validateBestModel();
        }
    }

    private static void requireWhole(String name, IntervalStrategy strategy, double steps) {
        if (strategy == IntervalStrategy.STEPS && steps > 1 && steps != Math.rint(steps)) {
            throw new UsageException(
                    "Option %s is %s but must be a whole number, or below 1 to be a ratio of all steps."
                            .formatted(name, steps));
        }
    }

    private void validateBestModel() {
        if (evalStrategy != saveStrategy) {
            throw new UsageException("Option load_best_model_at_end needs the same eval_strategy and save_strategy, not"
                    + " %s and %s; set both to epoch or to steps.".formatted(lower(evalStrategy), lower(saveStrategy)));
        }
        if (evalStrategy == IntervalStrategy.STEPS && !isMultiple(saveSteps, evalStepsOrLoggingSteps())) {
            throw new UsageException(
                    "Option load_best_model_at_end needs a save_steps that is a multiple of eval_steps,"
                            + " both steps or both ratios, not %s and %s; set both to the same."
                                    .formatted(saveSteps, evalStepsOrLoggingSteps()));
        }
    }

    private static boolean isMultiple(double steps, double of) {
        // Ratios are compared in millionths, as transformers does, since 0.3 % 0.1 is not 0.
        boolean ratios = steps < 1 && of < 1;
        return ratios ? (steps * 1e6) % (of * 1e6) == 0 : (steps < 1) == (of < 1) && steps % of == 0;
    }

    private static String lower(IntervalStrategy strategy) {
        return strategy.name().toLowerCase(Locale.ROOT);
    }

    public Path outputDir() {
        return outputDir;
    }

    public TrainingArguments outputDir(Path value) {
        return with(copy -> copy.outputDir = value);
    }

    public int perDeviceTrainBatchSize() {
        return perDeviceTrainBatchSize;
    }

    public TrainingArguments perDeviceTrainBatchSize(int value) {
        return with(copy -> copy.perDeviceTrainBatchSize = value);
    }

    public int perDeviceEvalBatchSize() {
        return perDeviceEvalBatchSize;
    }

    public TrainingArguments perDeviceEvalBatchSize(int value) {
        return with(copy -> copy.perDeviceEvalBatchSize = value);
    }

    public int gradientAccumulationSteps() {
        return gradientAccumulationSteps;
    }

    public TrainingArguments gradientAccumulationSteps(int value) {
        return with(copy -> copy.gradientAccumulationSteps = value);
    }

    public double learningRate() {
        return learningRate;
    }

    public TrainingArguments learningRate(double value) {
        return with(copy -> copy.learningRate = value);
    }

    public double weightDecay() {
        return weightDecay;
    }

    public TrainingArguments weightDecay(double value) {
        return with(copy -> copy.weightDecay = value);
    }

    public double adamBeta1() {
        return adamBeta1;
    }

    public TrainingArguments adamBeta1(double value) {
        return with(copy -> copy.adamBeta1 = value);
    }

    public double adamBeta2() {
        return adamBeta2;
    }

    public TrainingArguments adamBeta2(double value) {
        return with(copy -> copy.adamBeta2 = value);
    }

    public double adamEpsilon() {
        return adamEpsilon;
    }

    public TrainingArguments adamEpsilon(double value) {
        return with(copy -> copy.adamEpsilon = value);
    }

    public double maxGradNorm() {
        return maxGradNorm;
    }

    public TrainingArguments maxGradNorm(double value) {
        return with(copy -> copy.maxGradNorm = value);
    }

    public double numTrainEpochs() {
        return numTrainEpochs;
    }

    public TrainingArguments numTrainEpochs(double value) {
        return with(copy -> copy.numTrainEpochs = value);
    }

    public int maxSteps() {
        return maxSteps;
    }

    public TrainingArguments maxSteps(int value) {
        return with(copy -> copy.maxSteps = value);
    }

    public SchedulerType lrSchedulerType() {
        return lrSchedulerType;
    }

    public TrainingArguments lrSchedulerType(SchedulerType value) {
        return with(copy -> copy.lrSchedulerType = value);
    }

    public double warmupSteps() {
        return warmupSteps;
    }

    public TrainingArguments warmupSteps(double value) {
        return with(copy -> copy.warmupSteps = value);
    }

    public IntervalStrategy loggingStrategy() {
        return loggingStrategy;
    }

    public TrainingArguments loggingStrategy(IntervalStrategy value) {
        return with(copy -> copy.loggingStrategy = value);
    }

    public double loggingSteps() {
        return loggingSteps;
    }

    public TrainingArguments loggingSteps(double value) {
        return with(copy -> copy.loggingSteps = value);
    }

    public boolean loggingFirstStep() {
        return loggingFirstStep;
    }

    public TrainingArguments loggingFirstStep(boolean value) {
        return with(copy -> copy.loggingFirstStep = value);
    }

    public IntervalStrategy evalStrategy() {
        return evalStrategy;
    }

    public TrainingArguments evalStrategy(IntervalStrategy value) {
        return with(copy -> copy.evalStrategy = value);
    }

    public Double evalSteps() {
        return evalSteps;
    }

    public TrainingArguments evalSteps(double value) {
        return with(copy -> copy.evalSteps = value);
    }

    public boolean evalOnStart() {
        return evalOnStart;
    }

    public TrainingArguments evalOnStart(boolean value) {
        return with(copy -> copy.evalOnStart = value);
    }

    public double evalDelay() {
        return evalDelay;
    }

    public TrainingArguments evalDelay(double value) {
        return with(copy -> copy.evalDelay = value);
    }

    public IntervalStrategy saveStrategy() {
        return saveStrategy;
    }

    public TrainingArguments saveStrategy(IntervalStrategy value) {
        return with(copy -> copy.saveStrategy = value);
    }

    public double saveSteps() {
        return saveSteps;
    }

    public TrainingArguments saveSteps(double value) {
        return with(copy -> copy.saveSteps = value);
    }

    public Integer saveTotalLimit() {
        return saveTotalLimit;
    }

    public TrainingArguments saveTotalLimit(int value) {
        return with(copy -> copy.saveTotalLimit = value);
    }

    public boolean saveOnlyModel() {
        return saveOnlyModel;
    }

    public TrainingArguments saveOnlyModel(boolean value) {
        return with(copy -> copy.saveOnlyModel = value);
    }

    public boolean loadBestModelAtEnd() {
        return loadBestModelAtEnd;
    }

    public TrainingArguments loadBestModelAtEnd(boolean value) {
        return with(copy -> copy.loadBestModelAtEnd = value);
    }

    public String metricForBestModel() {
        return metricForBestModel;
    }

    public TrainingArguments metricForBestModel(String value) {
        return with(copy -> copy.metricForBestModel = value);
    }

    public Boolean greaterIsBetter() {
        return greaterIsBetter;
    }

    public TrainingArguments greaterIsBetter(boolean value) {
        return with(copy -> copy.greaterIsBetter = value);
    }

    public long seed() {
        return seed;
    }

    public TrainingArguments seed(long value) {
        return with(copy -> copy.seed = value);
    }

    public Long dataSeed() {
        return dataSeed;
    }

    public TrainingArguments dataSeed(long value) {
        return with(copy -> copy.dataSeed = value);
    }

    public boolean dataloaderDropLast() {
        return dataloaderDropLast;
    }

    public TrainingArguments dataloaderDropLast(boolean value) {
        return with(copy -> copy.dataloaderDropLast = value);
    }

    public boolean predictionLossOnly() {
        return predictionLossOnly;
    }

    public TrainingArguments predictionLossOnly(boolean value) {
        return with(copy -> copy.predictionLossOnly = value);
    }

    public boolean disableTqdm() {
        return disableTqdm;
    }

    public TrainingArguments disableTqdm(boolean value) {
        return with(copy -> copy.disableTqdm = value);
    }

    /** For the command line; a program adds {@code TensorBoardLog} as a callback itself. */
    public ReportTo reportTo() {
        return reportTo;
    }

    public TrainingArguments reportTo(ReportTo value) {
        return with(copy -> copy.reportTo = value);
    }

    public String resumeFromCheckpoint() {
        return resumeFromCheckpoint;
    }

    public TrainingArguments resumeFromCheckpoint(String value) {
        return with(copy -> copy.resumeFromCheckpoint = value);
    }
}
