package io.trainer4j.train;

import io.trainer4j.model.BlockShape;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.Checkpointing;
import io.trainer4j.model.Mode;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.Pass;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * A run's data and model, as far as memory and time depend on them.
 *
 * @param batches row numbers of each batch of the first epoch
 * @param lengths tokens of each row
 * @param longest the batch of all epochs that takes most memory
 * @param evaluation the batches of an evaluation; none without evaluation rows
 */
record RunShape(
        TrainingSetup setup,
        StepPlan plan,
        List<int[]> batches,
        int[] lengths,
        int[] longest,
        List<BatchShape> evaluation) {
    /** Epochs whose order is looked at for the longest batch. */
    private static final int EPOCHS = 10;

    /** Leaves the random stream as it is. */
    static RunShape of(TrainingSetup setup) {
        TrainingArguments arguments = setup.arguments();
        StepPlan plan = setup.rows().plan(arguments);
        int[] lengths = setup.rows().lengths(arguments);
        Comparator<int[]> bySize = Comparator.comparing(batch -> shape(setup, batch, lengths), BatchShape.BY_TOKENS);
        try (Scope scope = Scope.open()) {
            Tensor random = RandomState.save();
            List<int[]> first = batches(setup, plan, 0, lengths);
            int[] longest = Collections.max(first, bySize);
            for (int epoch = 1; epoch < Math.min(EPOCHS, plan.epochs()); epoch++) {
                int[] ofEpoch = Collections.max(batches(setup, plan, epoch, lengths), bySize);
                longest = bySize.compare(ofEpoch, longest) > 0 ? ofEpoch : longest;
            }
            RandomState.restore(random);
            return new RunShape(setup, plan, first, lengths, longest, evaluation(setup));
        }
    }

    private static List<int[]> batches(TrainingSetup setup, StepPlan plan, int epoch, int... lengths) {
        TrainingArguments arguments = setup.arguments();
        int[] order = setup.rows().order(arguments, epoch, lengths);
        return setup.rows().batches(arguments, plan, order, lengths);
    }

    private static List<BatchShape> evaluation(TrainingSetup setup) {
        if (setup.evaluation().dataset() == null) {
            return List.of();
        }
        int[] lengths = EpochOrder.lengths(setup.evaluation().dataset(), "");
        return new RowLimit(setup.arguments().perDeviceEvalBatchSize(), false)
                .parts(IntStream.range(0, lengths.length).toArray()).stream()
                        .map(batch -> shape(setup, batch, lengths))
                        .toList();
    }

    private static BatchShape shape(TrainingSetup setup, int[] batch, int... lengths) {
        return BatchShape.of(batch, lengths, isPaddingFree(setup));
    }

    /** Whether the model computes rows one after another, as {@link PretrainedModel#withoutPadding} decides. */
    private static boolean isPaddingFree(TrainingSetup setup) {
        return setup.model().device().isCpu();
    }

    BatchShape shape(int... batch) {
        return shape(setup, batch, lengths);
    }

    /** Tokens that the whole run computes. */
    long tokens() {
        double epochs = (double) plan.totalSteps() / plan.stepsPerEpoch();
        return Math.round(BatchShape.tokens(batches, lengths, isPaddingFree(setup)) * epochs);
    }

    /** Tokens that one evaluation computes; 0 without evaluation rows. */
    long evaluationTokens() {
        return evaluation.stream().mapToLong(BatchShape::tokens).sum();
    }

    /** What an evaluation takes whose batches have so many rows at most. */
    long evaluationBytes(int rows) {
        return evaluation.stream()
                .map(batch -> batch.rows() <= rows ? batch : batch.ofRows(rows))
                .mapToLong(batch -> MemoryEstimate.evaluationBytes(setup.model().blockShape(), batch)
                        + setup.objective().scoreBytes(scoredOf(batch)))
                .max()
                .orElse(0);
    }

    /** Predictions in an evaluation batch, as many of its tokens as in training. */
    private long scoredOf(BatchShape batch) {
        BatchShape trained = shape(longest);
        return (scored(trained) * batch.tokens() + trained.tokens() - 1) / trained.tokens();
    }

    /** The batch of the first epoch nearest to the mean in tokens. */
    int[] typical() {
        double mean = batches.stream()
                .mapToLong(batch -> shape(batch).tokens())
                .average()
                .orElse(0);
        return batches.stream()
                .min(Comparator.comparingDouble(batch -> Math.abs(shape(batch).tokens() - mean)))
                .orElseThrow();
    }

    /** The rows of a batch from the shortest to the longest. */
    List<Integer> byLength(int... batch) {
        return Arrays.stream(batch)
                .boxed()
                .sorted(Comparator.comparingInt(row -> lengths[row]))
                .toList();
    }

    /** The same run, as if this batch were the one that takes most memory. */
    RunShape withLongest(int... batch) {
        return new RunShape(setup, plan, batches, lengths, batch, evaluation);
    }

    /** The memory that the shapes tell, with a process of {@code process} bytes besides. */
    MemoryEstimate memory(long process) {
        return memory(process, setup.arguments().gradientAccumulationSteps() > 1);
    }

    /** As {@link #memory(long)}, of steps of several batches or of one. */
    MemoryEstimate memory(long process, boolean accumulates) {
        PretrainedModel model = setup.model();
        Map<String, Tensor> trained = model.parameters().trainable();
        BlockShape block = model.blockShape();
        BatchShape batch = computedOfLongest();
        int recorded = model.layerNames().size() - Freezing.frozenLayers(model);
        Checkpointing checkpointing = setup.arguments().checkpointing();
        long gradients = trained.values().stream().mapToLong(Tensor::nbytes).sum();
        long ofLoss = model instanceof CausalLM decoder
                ? decoder.trainedOutputEmbedding().map(Tensor::nbytes).orElse(0L)
                : 0;
        return new MemoryEstimate(
                process,
                model.parameters().bytes(),
                gradients,
                accumulates ? gradients : ofLoss,
                OptimizerState.bytes(trained, setup.arguments()),
                MemoryEstimate.activationBytes(
                        block, batch, recorded, checkpointing, setup.arguments().precision(model.device())),
                MemoryEstimate.blockBytes(block, batch),
                setup.objective().scoreBytes(scored(shape(longest))),
                evaluationBytes(setup.arguments().perDeviceEvalBatchSize()));
    }

    /** Predictions in the longest batch. */
    private long scored(BatchShape batch) {
        return Math.min(batch.tokens(), setup.objective().targets(setup.rows().batch(longest)));
    }

    /** The longest batch without what several of its rows begin with, which is computed once. */
    private BatchShape computedOfLongest() {
        BatchShape shape = shape(longest);
        if (!(setup.model() instanceof CausalLM decoder) || setup.arguments().cacheFrozen()) {
            return shape;
        }
        Pass pass = Pass.of(Mode.TRAIN);
        MiniBatch batch = setup.rows().batch(longest).withoutPadding(decoder, pass);
        ModelInput tokens = batch.withSharedPrefixes(decoder, pass).input();
        return tokens.places() == null ? shape : shape.withTokens(tokens.length());
    }

    /** Row numbers of the longest batch, for messages. */
    String longestText() {
        BatchShape shape = shape(longest);
        BatchShape computed = computedOfLongest();
        return "%,d rows of up to %,d tokens, %,d computed".formatted(shape.rows(), shape.length(), computed.tokens())
                + (computed.equals(shape) ? "" : ": what rows begin with alike once");
    }
}
