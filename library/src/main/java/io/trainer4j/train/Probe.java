package io.trainer4j.train;

import io.trainer4j.model.Pass;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.pytorch.Tensor;

/**
 * What three steps on real batches take. They are whole steps with an optimizer of their own, but with a learning rate of
 * 0, so that no weight moves and no copy of the weights is needed; the random stream is put back.
 *
 * @param secondsPerToken forward and backward pass
 * @param secondsPerUpdate clipping and optimizer, once per step
 * @param secondsPerEvaluatedToken forward pass and loss
 * @param peak the most memory the process had, empty where that cannot be read
 */
record Probe(double secondsPerToken, double secondsPerUpdate, double secondsPerEvaluatedToken, OptionalLong peak) {
    private static final int STEPS = 3;

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
        List<int[]> batches = run.probes(STEPS);
        long computing = 0;
        long updating = 0;
        long tokens = 0;
        try (Gradients gradients =
                        new Gradients(setup.model().parameters().trainable().values());
                Optimizer optimizer = Optimizer.of(setup.model().parameters(), setup.arguments())) {
            for (int i = 0; i < batches.size(); i++) {
                long begun = System.nanoTime();
                boolean trained = backward(setup, batches.get(i));
                long computed = System.nanoTime();
                if (trained) {
                    update(setup, gradients, optimizer);
                }
                if (i > 0) { // the first also prepares
                    computing += computed - begun;
                    updating += System.nanoTime() - computed;
                    tokens += run.shape(batches.get(i)).tokens();
                }
            }
        }
        int[] typical = batches.get(STEPS - 1);
        long begun = System.nanoTime();
        setup.objective().evaluate(setup.rows().batch(typical), new EvaluationSums(null));
        double evaluating = System.nanoTime() - begun;
        return new Probe(
                computing / 1e9 / Math.max(1, tokens),
                updating / 1e9 / (STEPS - 1),
                evaluating / 1e9 / Math.max(1, run.shape(typical).tokens()),
                ProcessMemory.of(setup.model().device()).peak());
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
