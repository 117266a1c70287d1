package io.trainer4j.train;

import io.trainer4j.model.Pass;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * What three steps take: the first on the longest row, the others on the longest and a typical batch; where already the first
 * took long, on one row and on as many rows as take two seconds. They are whole steps with an optimizer of their own, but with
 * a learning rate of 0, so that no weight moves and no copy of the weights is needed; the random stream is put back.
 *
 * @param computing forward and backward pass
 * @param secondsPerUpdate clipping and optimizer, once per step
 * @param secondsPerEvaluatedToken forward pass and loss
 * @param largest the batch that took most memory
 * @param peak the most memory the process had, empty where that cannot be read
 */
record Probe(
        Line computing, double secondsPerUpdate, double secondsPerEvaluatedToken, int[] largest, OptionalLong peak) {
    /** A first step that takes longer lets whole batches keep the user waiting. */
    private static final double PATIENCE_SECONDS = 0.25;

    /** How long the third step may take then. */
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
        int[] row = run.longestRow(run.longest());
        try (Gradients gradients =
                        new Gradients(setup.model().parameters().trainable().values());
                Optimizer optimizer = Optimizer.of(setup.model().parameters(), setup.arguments())) {
            Step first = Step.of(setup, gradients, optimizer, row); // also prepares
            boolean quick = first.seconds() < PATIENCE_SECONDS;
            int[] typical = run.typical();
            int[] second = quick ? run.longest() : Arrays.copyOf(typical, 1);
            Step secondStep = Step.of(setup, gradients, optimizer, second);
            int[] third = quick ? typical : partOf(typical, secondStep.seconds());
            Step thirdStep = Step.of(setup, gradients, optimizer, third);
            long thirdTokens = run.shape(third).tokens();
            Line computing = Line.through(
                    run.shape(second).tokens(), secondStep.computing(), thirdTokens, thirdStep.computing());
            return new Probe(
                    computing,
                    (secondStep.updating() + thirdStep.updating()) / 2,
                    run.evaluationTokens() == 0 ? 0 : evaluating(setup, third) / Math.max(1, thirdTokens),
                    Stream.of(row, second, third)
                            .max(Comparator.comparingLong(
                                    batch -> run.shape(batch).tokens()))
                            .orElseThrow(),
                    ProcessMemory.of(setup.model().device()).peak());
        }
    }

    /** As many rows as are worth the wait, where one takes so long. */
    static int[] partOf(int[] batch, double secondsOfRow) {
        int rows = (int) (WAIT_SECONDS / secondsOfRow);
        return Arrays.copyOf(batch, Math.max(1, Math.min(rows, batch.length)));
    }

    private static double evaluating(TrainingSetup setup, int... rows) {
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
        double seconds() {
            return computing + updating;
        }

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
