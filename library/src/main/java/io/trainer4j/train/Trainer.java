package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.MaskedLM;
import io.trainer4j.model.PeftModel;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.search.Study;
import io.trainer4j.search.Trial;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private final Builder description;
    private final TrainingSetup setup;
    private final MemoryMetrics memory;
    private TrainerState state = new TrainerState();
    private StepWatch watch = StepWatch.NONE;
    private boolean training;

    private Trainer(Builder description) {
        this.description = description;
        setup = description.setup();
        TrainingArguments arguments = setup.arguments();
        arguments.validate();
        memory = new MemoryMetrics(ProcessMemory.OF_THIS_PROCESS, arguments.skipMemoryMetrics());
        arguments.notes().forEach(LOG::warn);
        if (arguments.evalStrategy() != IntervalStrategy.NO && !description.evaluates()) {
            throw new UsageException("eval_strategy is " + arguments.evalStrategy()
                    + " but there is no evaluation set; give one or set eval_strategy to no.");
        }
        if (arguments.pureBf16()) {
            if (setup.model().isFrozen() || PeftModel.of(setup.model()).activeAdapter() != null) {
                throw new UsageException(
                        "Option pure_bf16 is for training all weights, and the model's own are frozen beneath"
                                + " an adapter or in fewer bits; leave pure_bf16 out.");
            }
            setup.model().to(PretrainedModel.DType.BFLOAT16);
        }
        Freezing.apply(setup.model(), arguments);
        Device device = arguments.device().device();
        setup.model().to(device);
        if (device.isCuda() && arguments.tf32() != null) {
            Device.allowTf32(arguments.tf32());
        }
        RandomState.manualSeed(arguments.seed());
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
        requireTrainable();
        TrainingArguments arguments = setup.arguments();
        Callbacks callbacks = setup.callbacks();
        StepPlan plan = setup.rows().plan(arguments);
        Checkpoints checkpoints = new Checkpoints(arguments.outputDir());
        checkpoints.recover();
        Optional<Path> checkpoint = checkpoints.resolve(arguments.resumeFromCheckpoint(), callbacks::warn);
        state = checkpoint
                .map(path -> TrainerState.read(path.resolve(Checkpoints.STATE)))
                .orElseGet(TrainerState::new);
        state.begin(plan, arguments);
        callbacks.begin(arguments, state);
        long started = System.nanoTime();
        int startStep = state.globalStep;
        training = true;
        memory.begin();
        try (TrainingRun run = new TrainingRun(setup, plan, state, watch)) {
            checkpoint.ifPresent(run::resume);
            callbacks.tell(new TrainingEvent.TrainBegin(plan(), startStep, plan.totalSteps()));
            if (arguments.evalOnStart() && startStep == 0) {
                evaluate();
            }
            run.run();
            TrainOutput output = run.output((System.nanoTime() - started) / 1e9);
            new RunLog(setup, state).addSummary(output, plan, startStep, memory.end("train"));
            callbacks.tell(new TrainingEvent.TrainEnd(output));
            return output;
        } finally {
            training = false;
            watch = StepWatch.NONE;
        }
    }

    private void requireTrainable() {
        PretrainedModel model = setup.model();
        if (model.isFrozen() && model.parameters().trainable().isEmpty()) {
            throw new UsageException("The weights are kept as " + model.weightForm()
                    + " and cannot be trained; train an adapter beside them (LoRA), or load them with dtype float32.");
        }
    }

    /**
     * Measures the evaluation set, adds a row to {@code log_history} and tells the callbacks.
     *
     * @return {@code eval_loss} (the mean over all targets; with hf_compat that of each batch, weighted by rows), for a
     *     language model {@code eval_mean_token_accuracy} ({@code eval_accuracy} of the hidden tokens for a masked one) and
     *     {@code eval_perplexity} (over all tokens alike), the figures of {@link ComputeMetrics}, and {@code eval_runtime}, {@code eval_samples_per_second}, {@code eval_steps_per_second}
     */
    public Map<String, Double> evaluate() {
        if (!training) { // as in Python, what an evaluation takes inside training counts there
            memory.begin();
        }
        Map<String, Double> metrics = setup.evaluation().metrics();
        if (!training) {
            metrics.putAll(memory.end("eval"));
        }
        new RunLog(setup, state).add(metrics);
        setup.callbacks().tell(new TrainingEvent.Evaluate(state.globalStep, state.epoch, metrics));
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
        return new TrialRuns(study, description, modelInit).best();
    }

    /** Arguments with a trial's parameters in their places. */
    public static TrainingArguments argumentsOf(Trial trial, TrainingArguments arguments) {
        return TrialRuns.with(arguments, trial.parameters());
    }

    /** Saves model, tokenizer, {@code trainer_state.json} and {@code training_args.json} into the output folder. */
    public void saveModel() {
        Path folder = setup.arguments().outputDir();
        saveModel(folder);
        setup.files().writeState(folder, state);
    }

    /** Saves model and tokenizer into a folder, which Python's {@code from_pretrained} opens. */
    public void saveModel(Path folder) {
        setup.files().writeModel(folder);
    }

    /** How far training has come, with the log so far. */
    public TrainerState state() {
        return state;
    }

    /** What a call of {@link #train} will do, each decision with its reason. */
    public RunPlan plan() {
        RunPlan plan =
                RunPlan.of(setup.model(), setup.arguments(), setup.rows().plan(setup.arguments()), setup.objective());
        if (setup.arguments().keepZeros()) {
            plan = plan.with(KeptZeros.decision(setup.model()));
        }
        return setup.arguments().cacheFrozen() ? plan.with(FrozenCache.decision(setup)) : plan;
    }

    /**
     * Predicts the memory and the time of a call of {@link #train}, of a resumed run the time that is left, from shapes and
     * three steps on its longest and on typical batches, after which everything is as before: weights, random stream, files.
     *
     * @param limit memory that the process may take in bytes, or 0 for what the machine has
     * @param evaluatesAtEnd whether an evaluation follows after training, which {@link #train} does not do by itself
     */
    public Forecast forecast(long limit, boolean evaluatesAtEnd) {
        return forecaster(limit, evaluatesAtEnd).fromProbe();
    }

    /**
     * Predicts the memory of a call of {@link #train} from shapes and tries nothing. {@link #train} then takes its own first
     * three steps for the probe and tells {@link TrainingEvent.Forecasted}, so that the run begins at once.
     *
     * @param limit memory that the process may take in bytes, or 0 for what the machine has
     * @param evaluatesAtEnd whether an evaluation follows after training, which {@link #train} does not do by itself
     */
    public Forecast forecastAsItTrains(long limit, boolean evaluatesAtEnd) {
        Forecaster forecaster = forecaster(limit, evaluatesAtEnd);
        watch = new FirstSteps(forecaster);
        return forecaster.fromShapes();
    }

    private Forecaster forecaster(long limit, boolean evaluatesAtEnd) {
        requireTrainable();
        TrainingArguments arguments = setup.arguments();
        int done = new Checkpoints(arguments.outputDir())
                .resolve(arguments.resumeFromCheckpoint(), brokenOne -> {}) // train() tells of it
                .map(path -> TrainerState.read(path.resolve(Checkpoints.STATE)).globalStep)
                .orElse(0);
        return new Forecaster(setup, limit, evaluatesAtEnd, done);
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

        TrainingArguments arguments() {
            return arguments;
        }

        boolean evaluates() {
            return evalDataset != null;
        }

        /** The same trainer for another model and other arguments. */
        Builder of(PretrainedModel otherModel, TrainingArguments otherArguments) {
            Builder other = new Builder(otherModel, otherArguments)
                    .trainDataset(trainDataset)
                    .evalDataset(evalDataset)
                    .processingClass(tokenizer)
                    .dataCollator(collator)
                    .computeMetrics(computeMetrics)
                    .computeLossFunc(loss);
            other.callbacks.addAll(callbacks);
            return other;
        }

        TrainingSetup setup() {
            Callbacks listeners = new Callbacks(callbacks, arguments);
            Objective builtIn = Objective.of(model, arguments);
            if (loss != null && arguments.lossType() != LossType.NLL) {
                throw new UsageException(
                        "loss_type dft and a loss function of one's own exclude each other; leave one of"
                                + " them out.");
            }
            Objective objective = loss == null ? builtIn : new CustomObjective(model, loss, builtIn);
            TrainingRows rows = new TrainingRows(
                    trainDataset, collator == null ? TrainingRows.defaultCollator(model, tokenizer) : collator);
            Evaluation evaluation = new Evaluation(
                    objective,
                    evalDataset,
                    rows.collator(),
                    computeMetrics,
                    arguments,
                    listeners::warn,
                    tokenAccuracy(model));
            OutputFiles files = new OutputFiles(model, tokenizer, arguments);
            return new TrainingSetup(model, arguments, rows, objective, evaluation, files, listeners);
        }

        /** TRL's name for a causal language model, that of transformers' run_mlm.py for a masked one. */
        private static String tokenAccuracy(PretrainedModel model) {
            if (model instanceof CausalLM) {
                return "eval_mean_token_accuracy";
            }
            return model instanceof MaskedLM ? "eval_accuracy" : null;
        }

        /** Checks the arguments and sets the seed. */
        public Trainer build() {
            return new Trainer(this);
        }
    }
}
