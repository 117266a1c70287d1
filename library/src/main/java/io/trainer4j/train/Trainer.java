package io.trainer4j.train;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.MaskedLM;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.search.Study;
import io.trainer4j.search.Trial;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.train.TrainerCallback.Decision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trains, evaluates and saves a model, with the semantics of Hugging Face's {@code Trainer} (transformers 5.17): the same
 * arguments, data and seed give the same batches and the same losses to rounding. Not thread-safe.
 *
 * <p>The model and the tokenizer stay the caller's to close.
 *
 * <pre>{@code
 * Trainer trainer = Trainer.builder(model, arguments)
 *         .trainDataset(split.train())
 *         .evalDataset(split.test())
 *         .processingClass(tokenizer)
 *         .build();
 * trainer.train();
 * trainer.evaluate();
 * trainer.saveModel();
 * }</pre>
 */
public final class Trainer {
    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

    private final PretrainedModel model;
    private final TrainingArguments arguments;
    private final Dataset trainDataset;
    private final Tokenizer tokenizer;
    private final DataCollator collator;
    private final Objective objective;
    private final Evaluation evaluation;
    private final Builder settings;
    private final List<TrainerCallback> callbacks;
    private final Optional<EarlyStoppingCallback> earlyStopping;
    private final long parametersOutsideEmbeddings;
    private TrainerState state = new TrainerState();

    private Trainer(Builder builder) {
        settings = builder;
        model = builder.model;
        arguments = builder.arguments;
        trainDataset = builder.trainDataset;
        tokenizer = builder.tokenizer;
        callbacks = new ArrayList<>(builder.callbacks);
        if (arguments.earlyStoppingPatience() != null) {
            callbacks.add(
                    new EarlyStoppingCallback(arguments.earlyStoppingPatience(), arguments.earlyStoppingThreshold()));
        }
        earlyStopping = onlyEarlyStopping(callbacks);
        Objective builtIn = Objective.of(model, arguments);
        objective = builder.loss == null ? builtIn : new CustomObjective(model, builder.loss, builtIn);
        collator = builder.collator == null ? defaultCollator() : builder.collator;
        evaluation =
                new Evaluation(objective, builder.evalDataset, collator, builder.computeMetrics, arguments, this::warn);
        parametersOutsideEmbeddings = model.parameters().asMap().entrySet().stream()
                .filter(parameter -> !isEmbedding(parameter.getKey()))
                .mapToLong(parameter -> parameter.getValue().numel())
                .sum();
        arguments.validate();
        arguments.notes().forEach(LOG::warn);
        if (arguments.evalStrategy() != IntervalStrategy.NO && builder.evalDataset == null) {
            throw new UsageException("eval_strategy is " + arguments.evalStrategy()
                    + " but there is no evaluation set; give one or set eval_strategy to no.");
        }
        RandomState.manualSeed(arguments.seed());
    }

    private static Optional<EarlyStoppingCallback> onlyEarlyStopping(List<TrainerCallback> callbacks) {
        List<EarlyStoppingCallback> found = callbacks.stream()
                .filter(EarlyStoppingCallback.class::isInstance)
                .map(EarlyStoppingCallback.class::cast)
                .toList();
        if (found.size() > 1) {
            throw new UsageException("There are " + found.size()
                    + " EarlyStoppingCallbacks; keep one, or early_stopping_patience alone.");
        }
        return found.stream().findFirst();
    }

    private DataCollator defaultCollator() {
        int pad = tokenizer == null ? 0 : tokenizer.padTokenId().orElse(0);
        if (model instanceof CausalLM) {
            return DataCollator.forCausalLM(pad);
        }
        if (model instanceof MaskedLM) {
            if (tokenizer == null) {
                throw new UsageException(
                        "A masked language model is trained with a tokenizer, which knows the mask token,"
                                + " or with a data collator of your own; give one of them.");
            }
            return DataCollator.forMaskedLM(tokenizer, 0.15);
        }
        return DataCollator.forSequenceClassification(pad, model.config().problemType());
    }

    /** Starts describing a trainer for a model. */
    public static Builder builder(PretrainedModel model, TrainingArguments arguments) {
        return new Builder(model, arguments);
    }

    /**
     * Trains to the end, or until a callback stops it. With {@code resume_from_checkpoint} the run goes on where the
     * checkpoint stands and ends with the numbers of an undisturbed run, bit for bit on a CPU.
     *
     * @throws io.trainer4j.TrainerException naming the step, row or file that failed and the way out
     */
    public TrainOutput train() {
        StepPlan plan = stepPlan();
        Checkpoints checkpoints = new Checkpoints(arguments.outputDir());
        checkpoints.recover();
        Optional<Path> checkpoint = checkpoints.resolve(arguments.resumeFromCheckpoint(), this::warn);
        state = checkpoint
                .map(path -> TrainerState.read(path.resolve(Checkpoints.STATE)))
                .orElseGet(TrainerState::new);
        state.maxSteps = plan.totalSteps();
        state.numTrainEpochs = plan.epochs();
        state.trainBatchSize = arguments.autoFindBatchSize() && state.trainBatchSize > 0
                ? Math.min(state.trainBatchSize, plan.batchSize())
                : plan.batchSize();
        state.loggingSteps = arguments.loggingStepsOf(plan.totalSteps());
        state.evalSteps = arguments.evalStepsOf(plan.totalSteps());
        state.saveSteps = arguments.saveStepsOf(plan.totalSteps());
        earlyStopping.ifPresent(callback -> callback.begin(arguments, state));
        long started = System.nanoTime();
        int startStep = state.globalStep;
        try (TrainingRun run = new TrainingRun(this, plan, state)) {
            checkpoint.ifPresent(run::resume);
            tell(new TrainingEvent.TrainBegin(plan(), startStep, plan.totalSteps()));
            if (arguments.evalOnStart() && startStep == 0) {
                tell(new TrainingEvent.Evaluate(startStep, state.epoch(), evaluateAndLog()));
            }
            run.run();
            TrainOutput output = run.output((System.nanoTime() - started) / 1e9);
            logSummary(output, plan, startStep);
            tell(new TrainingEvent.TrainEnd(output));
            return output;
        }
    }

    private StepPlan stepPlan() {
        if (trainDataset == null || trainDataset.size() == 0) {
            throw new UsageException("There are no rows to train on; give the trainer a trainDataset.");
        }
        StepPlan plan = StepPlan.of(trainDataset.size(), arguments);
        if (plan.stepsPerEpoch() == 0) {
            throw new UsageException("The training set has " + plan.rows() + " rows, fewer than one batch of "
                    + plan.batchSize() + "; lower per_device_train_batch_size or leave dataloader_drop_last off.");
        }
        return plan;
    }

    private void logSummary(TrainOutput output, StepPlan plan, int startStep) {
        Map<String, Object> row = new LinkedHashMap<>();
        double effectiveBatch = plan.batchSize() * (double) arguments.gradientAccumulationSteps();
        double rows = arguments.maxSteps() > 0
                ? effectiveBatch * plan.totalSteps()
                : plan.rows() * arguments.numTrainEpochs();
        row.put("train_runtime", output.runtimeSeconds());
        row.put("train_samples_per_second", rows / output.runtimeSeconds());
        row.put("train_steps_per_second", (output.globalStep() - startStep) / output.runtimeSeconds());
        row.put("total_flos", state.totalFlos);
        row.put("train_loss", output.trainingLoss());
        if (output.skippedSteps() > 0) {
            row.put("skipped_steps", output.skippedSteps());
        }
        log(row);
    }

    /**
     * Measures the evaluation set, adds a row to {@code log_history} and tells the callbacks.
     *
     * @return {@code eval_loss} (the mean over all targets; with hf_compat that of each batch, weighted by rows), for a
     *     language model {@code eval_mean_token_accuracy} and {@code eval_perplexity} (over all tokens alike), the figures of {@link
     *     ComputeMetrics}, and {@code eval_runtime}, {@code eval_samples_per_second}, {@code eval_steps_per_second}
     */
    public Map<String, Double> evaluate() {
        Map<String, Double> metrics = evaluateAndLog();
        tell(new TrainingEvent.Evaluate(state.globalStep, state.epoch, metrics));
        return metrics;
    }

    /**
     * Trains a new model for every trial of a study, with this trainer's rows, metrics and callbacks, and tells how good
     * each became; this trainer's own model stays as it is. A study that was interrupted goes on. Figures that are no
     * numbers and losses that leave the range of numbers make a failed trial, not an end.
     *
     * @param modelInit gives the untrained model, always the same; it is closed after its trial
     * @return the best trial; {@link #argumentsOf} gives its arguments
     * @throws UsageException if the study varies what is no option of the run, or there is no evaluation set
     * @throws io.trainer4j.TrainerException if no trial came to its end
     */
    public Trial hyperparameterSearch(Supplier<? extends PretrainedModel> modelInit, Study study) {
        TrialRuns.requireFitting(study.space());
        if (settings.evalDataset == null) {
            throw new UsageException("A search needs rows to compare its trials on; give the trainer an evalDataset.");
        }
        return new TrialRuns(study, arguments, modelInit, this::builderLikeThis).best();
    }

    /** Arguments with a trial's parameters in their places. */
    public static TrainingArguments argumentsOf(Trial trial, TrainingArguments arguments) {
        return TrialRuns.with(arguments, trial.parameters());
    }

    private Builder builderLikeThis(PretrainedModel ofTrial, TrainingArguments argumentsOfTrial) {
        Builder builder = builder(ofTrial, argumentsOfTrial)
                .trainDataset(settings.trainDataset)
                .evalDataset(settings.evalDataset)
                .processingClass(settings.tokenizer)
                .dataCollator(settings.collator)
                .computeMetrics(settings.computeMetrics)
                .computeLossFunc(settings.loss);
        settings.callbacks.forEach(builder::callback);
        return builder;
    }

    /** Saves model, tokenizer, {@code trainer_state.json} and {@code training_args.json} into the output folder. */
    public void saveModel() {
        saveModelTo(arguments.outputDir());
        writeState(arguments.outputDir());
    }

    /** Saves model and tokenizer into a folder, which Python's {@code from_pretrained} opens. */
    public void saveModel(Path folder) {
        saveModelTo(folder);
    }

    void saveModelTo(Path folder) {
        model.savePretrained(folder);
        if (tokenizer != null) {
            tokenizer.savePretrained(folder);
        }
    }

    void writeState(Path folder) {
        AtomicFile.writeString(folder.resolve(Checkpoints.STATE), state.toJson());
        AtomicFile.writeString(
                folder.resolve("training_args.json"),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(arguments.toMap()) + "\n");
    }

    /** How far training has come, with the log so far. */
    public TrainerState state() {
        return state;
    }

    /** What a call of {@link #train} will do, each decision with its reason. */
    public RunPlan plan() {
        return RunPlan.of(model, arguments, stepPlan(), objective);
    }

    PretrainedModel model() {
        return model;
    }

    TrainingArguments arguments() {
        return arguments;
    }

    Objective objective() {
        return objective;
    }

    /** Tokens of each training row. */
    int[] trainLengths() {
        return EpochOrder.lengths(trainDataset, arguments.lengthColumnName());
    }

    MiniBatch trainBatch(int... rows) {
        return collator.collate(trainDataset.rows(rows));
    }

    static boolean isEmbedding(String parameterName) {
        return parameterName.endsWith("embed_tokens.weight")
                || parameterName.endsWith("_embeddings.weight")
                || parameterName.endsWith(".wte.weight")
                || parameterName.endsWith(".wpe.weight");
    }

    /** Hugging Face's estimate: 6 per token and parameter outside the embeddings. */
    double floatingPointOperations(MiniBatch batch) {
        return 6.0 * batch.rows() * batch.input().length() * parametersOutsideEmbeddings;
    }

    Map<String, Double> evaluateAndLog() {
        Map<String, Double> metrics = evaluation.metrics(model instanceof CausalLM);
        log(new LinkedHashMap<>(metrics));
        return metrics;
    }

    void log(Map<String, Object> row) {
        if (arguments.includeNumInputTokensSeen() != TokenCount.NO) {
            row.put("num_input_tokens_seen", state.numInputTokensSeen);
        }
        row.put("epoch", state.epoch);
        row.put("step", state.globalStep);
        state.log(row);
        tell(new TrainingEvent.Log(row));
    }

    /** Tells the log and the callbacks of something that does not end the run. */
    void warn(String message) {
        LOG.warn(message);
        tell(new TrainingEvent.Warning(message));
    }

    /** Passes an event on and collects what is asked for. */
    Decision tell(TrainingEvent event) {
        Decision wish = Decision.CONTINUE;
        for (TrainerCallback callback : callbacks) {
            wish = wish.and(callback.on(event));
        }
        return wish;
    }

    /** Describes a {@link Trainer}; everything but the model and the arguments may be left out. */
    public static final class Builder {
        private final PretrainedModel model;
        private final TrainingArguments arguments;
        private final List<TrainerCallback> callbacks = new ArrayList<>();
        private Dataset trainDataset;
        private Dataset evalDataset;
        private Tokenizer tokenizer;
        private DataCollator collator;
        private ComputeMetrics computeMetrics;
        private LossFunction loss;

        private Builder(PretrainedModel model, TrainingArguments arguments) {
            this.model = model;
            this.arguments = arguments;
        }

        /** Rows to train on, with {@code input_ids} and labels. */
        public Builder trainDataset(Dataset dataset) {
            trainDataset = dataset;
            return this;
        }

        /** Rows to evaluate on. */
        public Builder evalDataset(Dataset dataset) {
            evalDataset = dataset;
            return this;
        }

        /** The tokenizer: gives the padding token and is saved with every checkpoint. */
        public Builder processingClass(Tokenizer processingClass) {
            tokenizer = processingClass;
            return this;
        }

        /** The name {@link #processingClass} had in transformers 4. */
        public Builder tokenizer(Tokenizer processingClass) {
            LOG.warn("tokenizer is now called processingClass.");
            return processingClass(processingClass);
        }

        /** How rows become batches; by default that of the model's task in {@link DataCollator}. */
        public Builder dataCollator(DataCollator dataCollator) {
            collator = dataCollator;
            return this;
        }

        /** Own evaluation figures. */
        public Builder computeMetrics(ComputeMetrics metrics) {
            computeMetrics = metrics;
            return this;
        }

        /** An own loss instead of the task's cross-entropy. */
        public Builder computeLossFunc(LossFunction lossFunction) {
            loss = lossFunction;
            return this;
        }

        /** Adds a listener. */
        public Builder callback(TrainerCallback callback) {
            callbacks.add(callback);
            return this;
        }

        /** Checks the arguments and sets the seed. */
        public Trainer build() {
            return new Trainer(this);
        }
    }
}
