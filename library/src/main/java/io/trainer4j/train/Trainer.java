package io.trainer4j.train;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import io.trainer4j.data.Batch;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.train.TrainerCallback.Decision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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
    private final Dataset evalDataset;
    private final Tokenizer tokenizer;
    private final DataCollator collator;
    private final Objective objective;
    private final ComputeMetrics computeMetrics;
    private final List<TrainerCallback> callbacks;
    private final long parametersOutsideEmbeddings;
    private TrainerState state = new TrainerState();

    private Trainer(Builder builder) {
        model = builder.model;
        arguments = builder.arguments;
        trainDataset = builder.trainDataset;
        evalDataset = builder.evalDataset;
        tokenizer = builder.tokenizer;
        computeMetrics = builder.computeMetrics;
        callbacks = List.copyOf(builder.callbacks);
        Objective builtIn = model instanceof CausalLM lm
                ? new CausalLmObjective(lm, arguments.labelSmoothingFactor())
                : new ClassificationObjective(
                        (SequenceClassifier) model, arguments.labelSmoothingFactor(), arguments.hfCompat());
        objective = builder.loss == null ? builtIn : new CustomObjective(model, builder.loss, builtIn);
        collator = builder.collator == null ? defaultCollator() : builder.collator;
        parametersOutsideEmbeddings = model.parameters().asMap().entrySet().stream()
                .filter(parameter -> !isEmbedding(parameter.getKey()))
                .mapToLong(parameter -> parameter.getValue().numel())
                .sum();
        arguments.validate();
        arguments.notes().forEach(LOG::warn);
        if (arguments.evalStrategy() != IntervalStrategy.NO && evalDataset == null) {
            throw new UsageException("eval_strategy is " + arguments.evalStrategy()
                    + " but there is no evaluation set; give one or set eval_strategy to no.");
        }
        RandomState.manualSeed(arguments.seed());
    }

    private DataCollator defaultCollator() {
        int pad = tokenizer == null ? 0 : tokenizer.padTokenId().orElse(0);
        return model instanceof CausalLM ? DataCollator.forCausalLM(pad) : DataCollator.forSequenceClassification(pad);
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
        Optional<Path> checkpoint = new Checkpoints(arguments.outputDir()).resolve(arguments.resumeFromCheckpoint());
        state = checkpoint
                .map(path -> TrainerState.read(path.resolve(Checkpoints.STATE)))
                .orElseGet(TrainerState::new);
        state.maxSteps = plan.totalSteps();
        state.numTrainEpochs = plan.epochs();
        state.trainBatchSize = plan.batchSize();
        state.loggingSteps = arguments.loggingStepsOf(plan.totalSteps());
        state.evalSteps = arguments.evalStepsOf(plan.totalSteps());
        state.saveSteps = arguments.saveStepsOf(plan.totalSteps());
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
        log(row);
    }

    /**
     * Measures the evaluation set.
     *
     * @return {@code eval_loss} (the mean over all targets; with hf_compat that of each batch, weighted by rows), for a language model {@code
     *     eval_mean_token_accuracy} and {@code eval_perplexity} (over all tokens alike), the figures of {@link
     *     ComputeMetrics}, and {@code eval_runtime}, {@code eval_samples_per_second}, {@code eval_steps_per_second}
     */
    public Map<String, Double> evaluate() {
        if (evalDataset == null || evalDataset.size() == 0) {
            throw new UsageException("There are no rows to evaluate; give the trainer an evalDataset.");
        }
        long started = System.nanoTime();
        RandomState.drawLoaderSeed();
        boolean lossOnly = arguments.predictionLossOnly();
        EvaluationSums sums = new EvaluationSums(computeMetrics != null && !lossOnly);
        int batchSize = arguments.perDeviceEvalBatchSize();
        int[] order = evaluationOrder();
        for (int from = 0; from < order.length; from += batchSize) {
            int until = Math.min(order.length, from + batchSize);
            objective.evaluate(collator.collate(evalDataset.rows(Arrays.copyOfRange(order, from, until))), sums);
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("eval_loss", arguments.hfCompat() ? sums.meanLossByRow() : sums.meanLossByTarget());
        if (model instanceof CausalLM && !lossOnly) {
            metrics.put("eval_mean_token_accuracy", sums.accuracy());
            metrics.put("eval_perplexity", sums.perplexity());
        }
        if (computeMetrics != null && !lossOnly) {
            computeMetrics
                    .compute(sums.prediction())
                    .forEach((name, value) -> metrics.put(name.startsWith("eval_") ? name : "eval_" + name, value));
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        metrics.put("eval_runtime", seconds);
        metrics.put("eval_samples_per_second", sums.rows() / seconds);
        metrics.put("eval_steps_per_second", sums.batches() / seconds);
        return metrics;
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

    private int[] evaluationOrder() {
        boolean grouped = arguments.hfCompat() && EpochOrder.isOnce(arguments);
        int[] order = EpochOrder.ofEvaluation(arguments, grouped ? lengths(evalDataset) : new int[evalDataset.size()]);
        boolean drops = arguments.hfCompat() && arguments.dataloaderDropLast();
        return drops ? Arrays.copyOf(order, order.length - order.length % arguments.perDeviceEvalBatchSize()) : order;
    }

    /** Tokens of each training row. */
    int[] trainLengths() {
        return lengths(trainDataset);
    }

    private int[] lengths(Dataset rows) {
        String column = arguments.lengthColumnName();
        int[] lengths = new int[rows.size()];
        for (int from = 0; from < lengths.length; from += 256) {
            int until = Math.min(lengths.length, from + 256);
            Batch batch = rows.rows(IntStream.range(from, until).toArray());
            for (int i = from; i < until; i++) {
                lengths[i] = batch.columnNames().contains(column)
                        ? Integer.parseInt(String.valueOf(batch.column(column).get(i - from)))
                        : batch.column("input_ids", int[].class).get(i - from).length;
            }
        }
        return lengths;
    }

    MiniBatch trainBatch(int[] rows) {
        return collator.collate(trainDataset.rows(rows));
    }

    static boolean isEmbedding(String parameterName) {
        return parameterName.endsWith("embed_tokens.weight") || parameterName.endsWith("_embeddings.weight");
    }

    /** Hugging Face's estimate: 6 per token and parameter outside the embeddings. */
    double floatingPointOperations(MiniBatch batch) {
        return 6.0 * batch.rows() * batch.input().length() * parametersOutsideEmbeddings;
    }

    Map<String, Double> evaluateAndLog() {
        Map<String, Double> metrics = evaluate();
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
