package io.trainer4j.train;

import io.trainer4j.model.Pass;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * What three steps take. Those that are tried are two on the shortest row of a typical batch, of which the first only
 * prepares, and one on as much of the longest batch as two seconds allow, its longest row at least: whole steps with an
 * optimizer of their own, but with a learning rate of 0, so that no weight moves and no copy of the weights is needed; the
 * random stream is put back.
 *
 * @param source which steps they are, for messages
 * @param computing forward and backward pass
 * @param secondsPerUpdate clipping and optimizer, once per step
 * @param secondsPerEvaluatedToken forward pass and loss
 * @param largest the batch that took most memory
 * @param accumulated whether gradients of several batches were added up
 * @param peak the most memory the process had, empty where that cannot be read
 */
record Probe(
        String source,
        Line computing,
        double secondsPerUpdate,
        double secondsPerEvaluatedToken,
        int[] largest,
        boolean accumulated,
        OptionalLong peak) {
    /** How long the third step may take, where it is more than one row. */
    private static final double WAIT_SECONDS = 2;

    static Probe of(RunShape run) {
        TrainingSetup setup = run.setup();
        Double noise = setup.arguments().neftuneNoiseAlpha();
        try (Scope scope = Scope.open()) {
            Tensor random = RandomState.save();
            setup.model().embeddingNoise(noise == null ? 0 : noise);
            try {
                return measured(run);
            } finally {
                setup.model().embeddingNoise(0);
                RandomState.restore(random);
            }
        }
    }

    private static Probe measured(RunShape run) {
        TrainingSetup setup = run.setup();
        int[] shortest = {run.byLength(run.typical()).get(0)};
        try (Gradients gradients =
                        new Gradients(setup.model().parameters().trainable().values());
                Optimizer optimizer = Optimizer.of(setup.model().parameters(), setup.arguments())) {
            Step.of(setup, gradients, optimizer, shortest); // prepares
            Step small = Step.of(setup, gradients, optimizer, shortest);
            long fewTokens = run.shape(shortest).tokens();
            double perToken = small.computing() / Math.max(1, fewTokens);
            int[] largest = worthTheWait(
                    run.byLength(run.longest()), rows -> run.shape(rows).tokens(), perToken);
            Step large = Step.of(setup, gradients, optimizer, largest);
            long manyTokens = run.shape(largest).tokens();
            return new Probe(
                    "3 probe steps",
                    Line.through(fewTokens, small.computing(), manyTokens, large.computing()),
                    (small.updating() + large.updating()) / 2,
                    run.evaluationTokens() == 0 ? 0 : evaluating(setup, largest) / Math.max(1, manyTokens),
                    largest,
                    false,
                    ProcessMemory.of(setup.model().device()).peak());
        }
    }

    /**
     * The longest row of a batch, and as many of the others as two seconds allow.
     *
     * @param rows from the shortest to the longest
     * @param tokens of so many rows
     */
    static int[] worthTheWait(List<Integer> rows, ToLongFunction<int[]> tokens, double secondsPerToken) {
        int[] part = {rows.get(rows.size() - 1)};
        for (int row = rows.size() - 2; row >= 0; row--) {
            int[] more = Arrays.copyOf(part, part.length + 1);
            more[part.length] = rows.get(row);
            if (tokens.applyAsLong(more) * secondsPerToken > WAIT_SECONDS) {
                break;
            }
            part = more;
        }
        return part;
    }

    /** Seconds of an evaluation of these rows. */
    static double evaluating(TrainingSetup setup, int... rows) {
        long begun = System.nanoTime();
        setup.objective().evaluate(setup.rows().batch(rows), new EvaluationSums(null));
        return (System.nanoTime() - begun) / 1e9;
    }

    /**
     * Seconds of a batch as a line over its tokens.
     *
     * @param perBatch what any batch takes
     * @param perToken what each of its tokens adds
     */
    record Line(double perBatch, double perToken) {
        /** The line through two measurements; where these tell no such line, that of their mean without a part per batch. */
        static Line through(long tokens, double seconds, long otherTokens, double otherSeconds) {
            double slope = (otherSeconds - seconds) / (otherTokens - tokens);
            double start = seconds - slope * tokens;
            double farApart = (double) Math.max(tokens, otherTokens) / Math.max(1, Math.min(tokens, otherTokens));
            return farApart >= 2 && slope > 0 && start > 0
                    ? new Line(start, slope)
                    : new Line(0, (seconds + otherSeconds) / Math.max(1, tokens + otherTokens));
        }

        /** Seconds of some batches with so many tokens together. */
        double seconds(double batches, double tokens) {
            return batches * perBatch + tokens * perToken;
        }
    }

    /** Seconds of one step. */
    private record Step(double computing, double updating) {
        static Step of(TrainingSetup setup, Gradients gradients, Optimizer optimizer, int... rows) {
            long begun = System.nanoTime();
            boolean trained = backward(setup, rows);
            long computed = System.nanoTime();
            if (trained) {
                update(setup, gradients, optimizer);
            }
            return new Step((computed - begun) / 1e9, (System.nanoTime() - computed) / 1e9);
        }
    }

    /** Whether there was anything to train. */
    private static boolean backward(TrainingSetup setup, int... rows) {
        MiniBatch batch = setup.rows().batch(rows);
        long targets = setup.objective().targets(batch);
        if (targets == 0) {
            return false;
        }
        try (Scope scope = Scope.open();
                Pass pass = Pass.recorded(setup.arguments().checkpointing())) {
            setup.objective().backward(batch, (double) targets, pass);
        }
        return true;
    }

    /** Gradients that are no numbers would make weights of it even at a rate of 0. */
    private static void update(TrainingSetup setup, Gradients gradients, Optimizer optimizer) {
        if (Double.isFinite(gradients.clip(setup.arguments().maxGradNorm()))) {
            optimizer.step(0);
        }
        gradients.clear();
    }
}
