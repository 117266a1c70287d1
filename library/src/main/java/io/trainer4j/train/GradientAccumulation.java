package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.model.Pass;
import io.trainer4j.model.Precision;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Forward and backward of one optimizer step. With {@code auto_find_batch_size} a step that runs out of memory is done
 * again from the same random state in parts of half as many rows; its rows, their targets and so its gradient stay the
 * same. (accelerate's find_executable_batch_size starts the whole run anew, with a smaller effective batch.)
 */
final class GradientAccumulation {
    private final TrainingSetup setup;
    private final Gradients gradients;
    private final TrainerState state;
    private final RowLimit limit;
    private final FrozenCache frozen;
    private final Precision precision;
    private final GradScaler scaler;
    private MiniBatch running;
    private long waited;
    private int runningRows;

    /**
     * What a step adds up to.
     *
     * @param loss mean over the step's targets
     * @param tokens without padding
     * @param flos Hugging Face's estimate of floating-point operations
     * @param inputTokensSeen as {@code include_num_input_tokens_seen} counts them
     * @param suspects rows of the first part with a loss that is not finite, or all of them
     */
    record Sum(double loss, long tokens, double flos, long inputTokensSeen, int[] suspects) {}

    /**
     * Begins with whole batches, unless memory has run out before.
     *
     * @param plan tells how large they are
     * @param frozen what is known of the frozen layers, or null
     * @param precision of the products
     * @param scaler gives what the gradients are multiplied by
     */
    GradientAccumulation(
            TrainingSetup setup,
            Gradients gradients,
            StepPlan plan,
            TrainerState state,
            FrozenCache frozen,
            Precision precision,
            GradScaler scaler) {
        this.precision = precision;
        this.scaler = scaler;
        this.frozen = frozen;
        this.setup = setup;
        this.gradients = gradients;
        this.state = state;
        int rows =
                state.trainBatchSize < plan.batchSize() ? state.trainBatchSize : plan.largestBatch(setup.arguments());
        limit = new RowLimit(rows, setup.arguments().autoFindBatchSize());
    }

    /**
     * Leaves the step's gradient on the parameters.
     *
     * @param batches row numbers of each batch
     * @param loader expects them
     * @param progress gives what hf_compat adds up in place of a loss that is not a number
     * @throws TrainerException if memory does not suffice, with the batch size that would
     */
    Sum run(List<int[]> batches, BatchLoader loader, Progress progress) {
        try (Scope scope = Scope.open()) {
            Tensor random = RandomState.save();
            while (true) {
                try {
                    return once(batches, loader, progress);
                } catch (RuntimeException | OutOfMemoryError e) {
                    gradients.clear();
                    if (!limit.halveAfter(e, running == null ? limit.rows() : runningRows)) {
                        throw explained(e);
                    }
                    RandomState.restore(random);
                    tellSmallerBatch();
                }
            }
        }
    }

    private Sum once(List<int[]> batches, BatchLoader loader, Progress progress) {
        running = null;
        List<int[]> rows =
                batches.stream().flatMap(batch -> limit.parts(batch).stream()).toList();
        List<MiniBatch> parts = new ArrayList<>();
        long asked = System.nanoTime();
        rows.forEach(part -> parts.add(loader.load(part)));
        waited += System.nanoTime() - asked;
        double targets = parts.stream().mapToLong(setup.objective()::targets).sum();
        if (targets == 0) {
            throw new TrainerException(
                    "Step " + (state.globalStep + 1) + " has no label to train on; remove rows without labels.");
        }
        double loss = 0;
        double flos = 0;
        int[] suspects = null;
        for (int i = 0; i < parts.size(); i++) {
            running = parts.get(i);
            runningRows = rows.get(i).length;
            double share = backward(running, targets, rows.get(i));
            if (suspects == null && !Double.isFinite(share)) {
                suspects = rows.get(i);
            }
            loss += isHidden(share) ? progress.replacement(loss) : share;
            flos += floatingPointOperations(setup.model(), running);
        }
        int[] all = batches.stream().flatMapToInt(Arrays::stream).toArray();
        return new Sum(loss, tokens(parts), flos, inputTokensSeen(parts), suspects == null ? all : suspects);
    }

    /** Time that steps waited for their batches. */
    double waitedSeconds() {
        return waited / 1e9;
    }

    private double backward(MiniBatch batch, double normaliser, int... rows) {
        try (Scope scope = Scope.open();
                Pass pass = Pass.recorded(
                        setup.arguments().checkpointing(),
                        precision,
                        frozen == null || rows.length == 0 ? null : frozen.of(rows, batch),
                        scaler.scale())) {
            return setup.objective().backward(batch, normaliser, pass);
        }
    }

    /** Hugging Face's estimate: 6 per token and parameter outside the embeddings. */
    static double floatingPointOperations(PretrainedModel model, MiniBatch batch) {
        long parameters = model.parameters().sizes().entrySet().stream()
                .filter(parameter -> !ParameterNames.isEmbedding(parameter.getKey()))
                .mapToLong(parameter -> parameter.getValue())
                .sum();
        return 6.0 * batch.rows() * batch.input().length() * parameters;
    }

    private boolean isHidden(double loss) {
        TrainingArguments arguments = setup.arguments();
        return !Double.isFinite(loss)
                && arguments.hfCompat()
                && arguments.loggingNanInfFilter()
                && !arguments.watchesOverflow();
    }

    private long inputTokensSeen(List<MiniBatch> parts) {
        return switch (setup.arguments().includeNumInputTokensSeen()) {
            case NO -> 0;
            case ALL ->
                parts.stream()
                        .mapToLong(part -> (long) part.rows() * part.input().length())
                        .sum();
            case NON_PADDING -> tokens(parts);
        };
    }

    private static long tokens(List<MiniBatch> parts) {
        return parts.stream()
                .flatMap(part -> Arrays.stream(part.input().attentionMask()))
                .mapToLong(row -> Arrays.stream(row).sum())
                .sum();
    }

    private void tellSmallerBatch() {
        state.trainBatchSize = limit.rows();
        setup.callbacks()
                .warn("Step %d ran out of memory; it goes on with %d rows at once, and more of them in a step."
                        .formatted(state.globalStep + 1, limit.rows()));
    }

    private RuntimeException explained(Throwable error) {
        if (running == null) {
            return OutOfMemory.unchecked(error);
        }
        TrainingArguments arguments = setup.arguments();
        return OutOfMemory.explain(
                error,
                "Step " + (state.globalStep + 1),
                running,
                fits -> OutOfMemory.trainingAdvice(
                        fits, arguments.perDeviceTrainBatchSize(), arguments.gradientAccumulationSteps()),
                part -> {
                    backward(part, 1);
                    gradients.clear();
                });
    }
}
