package io.trainer4j.train;

import io.trainer4j.tensor.Engine;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/**
 * Predicts a run before it begins, from shapes alone or from steps that are tried, and once more from its own first steps.
 * The random stream stays as it is.
 */
final class Forecaster {
    /** Share of the machine's free memory that is left to others. */
    private static final double RESERVE = 0.05;

    /** Bytes of a checkpoint that are written and checked in a second. */
    private static final double SAVED_PER_SECOND = 400e6;

    private final RunShape run;
    private final ProcessMemory process;
    private final MemoryEstimate shapes;
    private final long peakBefore;
    private final long machine;
    private final long wishedLimit;
    private final boolean evaluatesAtEnd;
    private final int doneSteps;

    /**
     * Looks at the run's rows and at the memory that the process has now.
     *
     * @param wishedLimit memory the run may have, or 0 for what the machine has
     * @param doneSteps steps of it that a checkpoint holds
     */
    Forecaster(TrainingSetup setup, long wishedLimit, boolean evaluatesAtEnd, int doneSteps) {
        this.wishedLimit = wishedLimit;
        this.evaluatesAtEnd = evaluatesAtEnd;
        this.doneSteps = doneSteps;
        run = RunShape.of(setup);
        process = ProcessMemory.of(setup.model().device());
        OptionalLong resident = process.resident();
        long weights = setup.model().parameters().bytes();
        long base = resident.isPresent() ? Math.max(0, resident.getAsLong() - weights) : MemoryEstimate.TYPICAL_PROCESS;
        shapes = undisturbed(() -> run.memory(base));
        machine = (long) (process.attainable().orElse(0) * (1 - RESERVE));
        peakBefore = process.peak().orElse(0);
    }

    RunShape run() {
        return run;
    }

    /** From shapes alone, where the run's first steps will tell more. */
    Forecast fromShapes() {
        return undisturbed(() -> forecast(
                null,
                doneSteps,
                new RunPlan.Item("time", "told after " + FirstSteps.COUNT + " steps", "plan tries some beforehand")));
    }

    /** From steps that are tried. */
    Forecast fromProbe() {
        return undisturbed(() -> {
            Probe probe = machine == 0 || shapes.peak() <= machine ? probe() : null;
            return forecast(probe, doneSteps, timeItem(probe, doneSteps));
        });
    }

    /** From the run's first steps; the time is what is left of it. */
    Forecast fromFirstSteps(Probe steps) {
        int done = doneSteps + FirstSteps.COUNT;
        return undisturbed(() -> forecast(steps, done, timeItem(steps, done)));
    }

    /** What masks tokens draws random numbers whenever it makes a batch. */
    private static <T> T undisturbed(Supplier<T> prediction) {
        try (Scope scope = Scope.open()) {
            Tensor random = RandomState.save();
            try {
                return prediction.get();
            } finally {
                RandomState.restore(random);
            }
        }
    }

    private Forecast forecast(Probe probe, int done, RunPlan.Item time) {
        MemoryEstimate refined = refined(probe);
        MemoryEstimate memory = refined.withProcess(refined.process() + ProcessMemory.untouchedHeap());
        long peak = Math.max(memory.peak(), process.peak().orElse(0));
        long limit = wishedLimit > 0 ? wishedLimit : machine;
        List<RunPlan.Item> items = new ArrayList<>();
        items.add(memoryItem(memory, peak, probe));
        items.add(time);
        if (limit > 0 && peak > limit) {
            items.add(new RunPlan.Item(
                    "memory limit",
                    MemorySize.text(limit) + " is too little",
                    wishedLimit > 0 ? "--memory-limit" : "what is free on this machine, less 5 %"));
            items.addAll(FittingSettings.of(run, memory, probe, limit));
        }
        return new Forecast(peak, probe == null ? Double.NaN : seconds(probe, done), limit, items);
    }

    /** Null where even the first step found no memory. */
    private Probe probe() {
        try {
            return Probe.of(run);
        } catch (RuntimeException | OutOfMemoryError e) {
            if (Engine.isOutOfMemory(e)) {
                return null;
            }
            throw e;
        }
    }

    /**
     * The formula with the peak of the steps: what they took more or less than the formula says of them counts as the
     * process's. A peak that was there before, as of loading the model, tells nothing.
     */
    private MemoryEstimate refined(Probe probe) {
        if (probe == null || probe.peak().orElse(0) <= peakBefore) {
            return shapes;
        }
        long ofSteps = run.withLongest(probe.largest())
                .memory(shapes.process(), probe.accumulated())
                .withoutEvaluation()
                .peak();
        return shapes.withProcess(Math.max(0, shapes.process() + probe.peak().getAsLong() - ofSteps));
    }

    private double seconds(Probe probe, int done) {
        TrainingArguments arguments = run.setup().arguments();
        int steps = stepsLeft(done);
        double training = probe.computing().seconds(batchesPerStep() * steps, (double) tokensLeft(done))
                + steps * probe.secondsPerUpdate();
        double evaluations = Occasions.evaluations(arguments, run.plan(), done, evaluatesAtEnd)
                * run.evaluationTokens()
                * probe.secondsPerEvaluatedToken();
        MemoryEstimate memory = run.memory(0);
        long saved = memory.weights() + (arguments.saveOnlyModel() ? 0 : memory.state());
        return training + evaluations + Occasions.saves(arguments, run.plan(), done) * saved / SAVED_PER_SECOND;
    }

    private double batchesPerStep() {
        return (double) run.plan().batchesPerEpoch() / run.plan().stepsPerEpoch();
    }

    private int stepsLeft(int done) {
        return Math.max(0, run.plan().totalSteps() - done);
    }

    private long tokensLeft(int done) {
        return Math.round((double) run.tokens() * stepsLeft(done) / run.plan().totalSteps());
    }

    private RunPlan.Item memoryItem(MemoryEstimate memory, long peak, Probe probe) {
        String source = process.resident().isEmpty()
                ? "from shapes alone: neither this system nor a GPU tells what the process takes"
                : probe == null ? "from shapes: no step was tried" : probe.source();
        return new RunPlan.Item(
                "memory",
                MemorySize.text(peak) + " at most",
                "%s; weights %s, gradients %s, optimizer %s, activations %s, scores %s, evaluation %s, process %s; longest batch %s"
                        .formatted(
                                source,
                                MemorySize.text(memory.weights()),
                                MemorySize.text(memory.gradients()),
                                MemorySize.text(memory.state()),
                                MemorySize.text(memory.activations()),
                                MemorySize.text(memory.scores()),
                                MemorySize.text(memory.evaluation()),
                                MemorySize.text(memory.process()),
                                run.longestText()));
    }

    private RunPlan.Item timeItem(Probe probe, int done) {
        if (probe == null) {
            return new RunPlan.Item("time", "unknown", "the run would not fit into memory, so no step was tried");
        }
        return new RunPlan.Item(
                "time",
                Forecast.text(seconds(probe, done)),
                "%s: %,.0f tokens/s, %.0f ms per update; %,d tokens in %,d steps%s, evaluations and saves"
                        .formatted(
                                probe.source(),
                                tokensPerSecond(probe),
                                probe.secondsPerUpdate() * 1e3,
                                tokensLeft(done),
                                stepsLeft(done),
                                done == 0 ? "" : " after step " + done));
    }

    /** Of a batch of mean size. */
    private double tokensPerSecond(Probe probe) {
        double tokens = (double) run.tokens() / run.plan().totalSteps() / batchesPerStep();
        return tokens / probe.computing().seconds(1, tokens);
    }
}
