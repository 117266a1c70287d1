package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.model.Precision;
import io.trainer4j.option.ForeignOption;
import io.trainer4j.option.Option;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Engine;
import java.nio.file.Path;
import java.util.List;
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
public final class TrainingArguments extends EvaluationArguments<TrainingArguments> {
    @Option(help = "When to save a checkpoint.")
    private SaveStrategy saveStrategy = SaveStrategy.STEPS;

    @Option(help = "Steps between two checkpoints; below 1 a ratio of all steps.", above = 0)
    private double saveSteps = 500;

    @Option(help = "Checkpoints kept, the newest and the best; unset: all.", min = 1)
    private Integer saveTotalLimit;

    @Option(help = "Save no optimizer state; such a checkpoint cannot be resumed.")
    private boolean saveOnlyModel = false;

    @Option(help = "Load the best checkpoint after training.")
    private boolean loadBestModelAtEnd = false;

    @Option(help = "Halve the batch when memory runs out and accumulate gradients instead; a step keeps its rows.")
    private boolean autoFindBatchSize = false;

    @Option(help = "Stop at a step whose loss or gradient is NaN or infinite, or skip it; ours, not in Python.")
    private OnNan onNan = OnNan.STOP;

    @Option(help = "Stop after so many evaluations without a better metric_for_best_model; unset: never.", min = 1)
    private Integer earlyStoppingPatience;

    @Option(help = "How much the metric must differ from the best to count as better.", min = 0)
    private double earlyStoppingThreshold = 0;

    @Option(help = "Checkpoint to go on from: its folder, or true for the last one in output_dir.")
    private String resumeFromCheckpoint;

    @Option(
            help = "Give callbacks the state they had when the checkpoint was made.",
            noEffect = "early stopping always goes on where its checkpoint stood")
    private boolean restoreCallbackStatesFromCheckpoint = false;

    @Option(
            help = "Save a checkpoint when the process is asked to end.",
            noEffect = "the commands always save one on SIGTERM and Ctrl-C")
    private boolean enableJitCheckpoint = false;

    @Option(help = "When resuming inside an epoch, begin its rows anew instead of after those it has seen.")
    private boolean ignoreDataSkip = false;

    @Option(help = "Where Hugging Face's Trainer is wrong, be wrong in the same way; docs/differences.md lists where.")
    private boolean hfCompat = false;

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
                .or(() ->
                        loadBestModelAtEnd || lrSchedulerType.followsMetric() ? Optional.of("loss") : Optional.empty())
                .map(name -> name.startsWith("eval_") ? name : "eval_" + name);
    }

    /** Whether a larger value of {@link #bestMetric()} is better. */
    public boolean bestIsGreatest() {
        return greaterIsBetter == null ? !bestMetric().orElse("loss").endsWith("loss") : greaterIsBetter;
    }

    /** Whether the first value of {@link #bestMetric()} is better than the second; never if one is NaN. */
    boolean isBetter(double value, double than) {
        return bestIsGreatest() ? value > than : value < than;
    }

    /**
     * What the products of training are computed in: bf16 where it is asked for and the processor multiplies in it; elsewhere
     * they are only kept in it.
     */
    Precision precision(Device device) {
        if (fp16) {
            return Precision.FLOAT16;
        }
        boolean isFaster = device.isCuda() || Engine.bfloat16().isNative();
        if (!bf16) {
            return Precision.FLOAT32;
        }
        return hfCompat || isFaster ? Precision.BFLOAT16 : Precision.FLOAT32_KEPT_IN_BFLOAT16;
    }

    /** Where the run computes: the GPU where there is one, unless {@code use_cpu} is set. */
    Device.Choice device() {
        return Device.choose(useCpu);
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
        validateDevice();
        validatePureBf16();
        validateLogging();
        if (lossType == LossType.DFT && labelSmoothingFactor > 0) {
            throw new UsageException(
                    "Option loss_type dft has no place for label_smoothing_factor, which TRL passes over"
                            + " with it; leave one of the two out.");
        }
        checkpointing();
        if (loraplusLrRatio != null
                && optim != OptimizerNames.ADAMW_TORCH
                && optim != OptimizerNames.ADAMW_TORCH_FUSED) {
            throw new UsageException(
                    "Option loraplus_lr_ratio is there for optim adamw_torch only; leave one of the two out.");
        }
        if (dataloaderNumWorkers == 0 && dataloaderPrefetchFactor != null) {
            throw new UsageException("Option dataloader_prefetch_factor needs dataloader_num_workers above 0;"
                    + " set that too, or leave both out.");
        }
        if (lrSchedulerType.followsMetric() && evalStrategy == IntervalStrategy.NO) {
            throw new UsageException("Option lr_scheduler_type %s needs evaluations to follow; set eval_strategy to"
                            .formatted(lower(lrSchedulerType))
                    + " epoch or steps.");
        }
        requireWhole("logging_steps", loggingStrategy, loggingSteps);
        requireWhole("eval_steps", evalStrategy, evalStepsOrLoggingSteps());
        if (saveStrategy == SaveStrategy.STEPS) {
            requireWhole("save_steps", IntervalStrategy.STEPS, saveSteps);
        }
        if (saveStrategy == SaveStrategy.BEST || earlyStoppingPatience != null) {
            validateMetric(saveStrategy == SaveStrategy.BEST ? "save_strategy best" : "early_stopping_patience");
        }
        if (loadBestModelAtEnd && saveStrategy != SaveStrategy.BEST) {
            validateBestModel();
        }
    }

    private void validateDevice() {
        if ((fp16 && bf16) || (fp16FullEval && bf16FullEval)) {
            throw new UsageException("Options fp16 and bf16 exclude each other; leave fp16 out.");
        }
        if (fp16 && pureBf16) {
            throw new UsageException("Options fp16 and pure_bf16 exclude each other; leave fp16 out.");
        }
        if ((fp16 || fp16FullEval) && device().device().isCpu()) {
            throw new UsageException("Option fp16 needs a GPU, and the model is trained on the CPU; use bf16 instead.");
        }
    }

    private void validatePureBf16() {
        if (pureBf16 && optim != OptimizerNames.ADAMW_TORCH && optim != OptimizerNames.ADAMW_TORCH_FUSED) {
            throw new UsageException(
                    "Option pure_bf16 needs the optimizer adamw_torch, whose step loses no small change in"
                            + " 16 bits, not %s; leave one of them out.".formatted(lower(optim)));
        }
    }

    private void validateMetric(String option) {
        if (evalStrategy == IntervalStrategy.NO || bestMetric().isEmpty()) {
            throw new UsageException("Option " + option + " needs a metric to watch and evaluations; set"
                    + " metric_for_best_model, such as loss, and eval_strategy to steps or epoch.");
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
        if (!evalStrategy.name().equals(saveStrategy.name())) {
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

    @Override
    protected List<ForeignOption> foreignOptions() {
        return ForeignArguments.all();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    public SaveStrategy saveStrategy() {
        return saveStrategy;
    }

    public TrainingArguments saveStrategy(SaveStrategy value) {
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

    public boolean autoFindBatchSize() {
        return autoFindBatchSize;
    }

    public TrainingArguments autoFindBatchSize(boolean value) {
        return with(copy -> copy.autoFindBatchSize = value);
    }

    public OnNan onNan() {
        return onNan;
    }

    public TrainingArguments onNan(OnNan value) {
        return with(copy -> copy.onNan = value);
    }

    public Integer earlyStoppingPatience() {
        return earlyStoppingPatience;
    }

    public TrainingArguments earlyStoppingPatience(int value) {
        return with(copy -> copy.earlyStoppingPatience = value);
    }

    public double earlyStoppingThreshold() {
        return earlyStoppingThreshold;
    }

    public TrainingArguments earlyStoppingThreshold(double value) {
        return with(copy -> copy.earlyStoppingThreshold = value);
    }

    /** For the command line; a program adds {@code TensorBoardLog} as a callback itself. */
    public String resumeFromCheckpoint() {
        return resumeFromCheckpoint;
    }

    public TrainingArguments resumeFromCheckpoint(String value) {
        return with(copy -> copy.resumeFromCheckpoint = value);
    }

    public boolean ignoreDataSkip() {
        return ignoreDataSkip;
    }

    public TrainingArguments ignoreDataSkip(boolean value) {
        return with(copy -> copy.ignoreDataSkip = value);
    }

    public boolean restoreCallbackStatesFromCheckpoint() {
        return restoreCallbackStatesFromCheckpoint;
    }

    public TrainingArguments restoreCallbackStatesFromCheckpoint(boolean value) {
        return with(copy -> copy.restoreCallbackStatesFromCheckpoint = value);
    }

    public boolean enableJitCheckpoint() {
        return enableJitCheckpoint;
    }

    public TrainingArguments enableJitCheckpoint(boolean value) {
        return with(copy -> copy.enableJitCheckpoint = value);
    }

    public boolean hfCompat() {
        return hfCompat;
    }

    public TrainingArguments hfCompat(boolean value) {
        return with(copy -> copy.hfCompat = value);
    }
}
