package io.trainer4j.train;

import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * Takes a run's own first three steps for a probe, so that nothing is computed beforehand, and tells the listeners what they
 * say of the rest. The first step only prepares.
 */
final class FirstSteps implements StepWatch {
    static final int COUNT = 3;

    private record Timed(List<int[]> batches, double computing, double updating) {}

    private final Forecaster forecaster;
    private final List<Timed> steps = new ArrayList<>();

    FirstSteps(Forecaster forecaster) {
        this.forecaster = forecaster;
    }

    @Override
    public void took(List<int[]> batches, double computing, double updating) {
        if (steps.size() == COUNT) {
            return;
        }
        steps.add(new Timed(batches, computing, updating));
        if (steps.size() == COUNT) {
            TrainingSetup setup = forecaster.run().setup();
            setup.callbacks().tell(new TrainingEvent.Forecasted(forecaster.fromFirstSteps(measured())));
        }
    }

    private Probe measured() {
        RunShape run = forecaster.run();
        TrainingSetup setup = run.setup();
        int[] largest = steps.stream()
                .flatMap(step -> step.batches().stream())
                .max(Comparator.comparing(run::shape, BatchShape.BY_TOKENS))
                .orElseThrow();
        Timed one = steps.get(1);
        Timed other = steps.get(2);
        return new Probe(
                "the first " + COUNT + " steps",
                Probe.Line.through(tokens(one), perBatch(one), tokens(other), perBatch(other)),
                (one.updating() + other.updating()) / 2,
                run.evaluationTokens() == 0
                        ? 0
                        : evaluating(setup, largest)
                                / Math.max(1, run.shape(largest).tokens()),
                largest,
                setup.arguments().gradientAccumulationSteps() > 1,
                ProcessMemory.of(setup.model().device()).peak());
    }

    private static double evaluating(TrainingSetup setup, int... rows) {
        try (Scope scope = Scope.open()) {
            Tensor random = RandomState.save();
            try {
                return Probe.evaluating(setup, rows);
            } finally {
                RandomState.restore(random);
            }
        }
    }

    /** Of a batch of the step. */
    private long tokens(Timed step) {
        Stream<int[]> batches = step.batches().stream();
        return Math.max(
                1,
                batches.mapToLong(batch -> forecaster.run().shape(batch).tokens())
                                .sum()
                        / step.batches().size());
    }

    private static double perBatch(Timed step) {
        return step.computing() / step.batches().size();
    }
}
