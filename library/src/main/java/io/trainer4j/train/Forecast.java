package io.trainer4j.train;

import io.trainer4j.tensor.Engine;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.pytorch.Tensor;

/**
 * What a run will need.
 *
 * @param peakBytes the most memory that the process will have at one time
 * @param seconds of the whole run; NaN where it was not probed, since it would not fit into the machine
 * @param limitBytes memory it may have; 0 where that is not known
 * @param items the same in words, and settings that fit where these do not
 */
public record Forecast(long peakBytes, double seconds, long limitBytes, List<RunPlan.Item> items) {
    /** Share of the machine's free memory that is left to others. */
    private static final double RESERVE = 0.05;

    /** Bytes of a checkpoint that are written and checked in a second. */
    private static final double SAVED_PER_SECOND = 400e6;

    /** Copies the items. */
    public Forecast {
        items = List.copyOf(items);
    }

    /** Whether the run stays within its limit, as far as one is known. */
    public boolean fits() {
        return limitBytes == 0 || peakBytes <= limitBytes;
    }

    /**
     * Predicts a run and leaves everything as it is.
     *
     * @param wishedLimit memory it may have, or 0 for what the machine has
     * @param doneSteps steps of it that a checkpoint holds
     */
    static Forecast of(TrainingSetup setup, long wishedLimit, boolean evaluatesAtEnd, int doneSteps) {
        try (Scope scope = Scope.open()) {
            Tensor random = RandomState.save();
            try {
                return predicted(setup, wishedLimit, evaluatesAtEnd, doneSteps);
            } finally {
                RandomState.restore(random); // what masks tokens draws too
            }
        }
    }

    private static Forecast predicted(TrainingSetup setup, long wishedLimit, boolean evaluatesAtEnd, int doneSteps) {
        RunShape run = RunShape.of(setup);
        ProcessMemory process = ProcessMemory.of(setup.model().device());
        OptionalLong resident = process.resident();
        long weights = setup.model().parameters().bytes();
        long base = resident.isPresent() ? Math.max(0, resident.getAsLong() - weights) : MemoryEstimate.TYPICAL_PROCESS;
        MemoryEstimate shapes = run.memory(base);
        long machine = process.available().isPresent() && resident.isPresent()
                ? (long) ((process.available().getAsLong() + resident.getAsLong()) * (1 - RESERVE))
                : 0;
        long peakBefore = process.peak().orElse(0);
        Probe probe = machine == 0 || shapes.peak() <= machine ? probe(run) : null;
        MemoryEstimate refined = refined(run, shapes, peakBefore, probe);
        MemoryEstimate memory = refined.withProcess(refined.process() + ProcessMemory.untouchedHeap());
        long peak = Math.max(memory.peak(), process.peak().orElse(0));
        long limit = wishedLimit > 0 ? wishedLimit : machine;
        double seconds = probe == null ? Double.NaN : seconds(run, probe, evaluatesAtEnd, doneSteps);
        List<RunPlan.Item> items = new ArrayList<>();
        items.add(memoryItem(run, memory, peak, resident.isPresent(), probe));
        items.add(timeItem(run, probe, seconds, doneSteps));
        if (limit > 0 && peak > limit) {
            items.add(new RunPlan.Item(
                    "memory limit",
                    MemorySize.text(limit) + " is too little",
                    wishedLimit > 0 ? "--memory-limit" : "what is free on this machine, less 5 %"));
            items.addAll(FittingSettings.of(run, memory, probe, limit));
        }
        return new Forecast(peak, seconds, limit, items);
    }

    /** Null where even the first step found no memory. */
    private static Probe probe(RunShape run) {
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
     * The formula with the probe's peak: what the probe took more or less than the formula says of it counts as the
     * process's. A peak that was there before, as of loading the model, tells nothing.
     */
    private static MemoryEstimate refined(RunShape run, MemoryEstimate shapes, long peakBefore, Probe probe) {
        if (probe == null || probe.peak().orElse(0) <= peakBefore) {
            return shapes;
        }
        long ofProbe = run.withLongest(probe.largest())
                .memory(shapes.process(), false)
                .withoutEvaluation()
                .peak();
        return shapes.withProcess(Math.max(0, shapes.process() + probe.peak().getAsLong() - ofProbe));
    }

    private static double seconds(RunShape run, Probe probe, boolean evaluatesAtEnd, int doneSteps) {
        TrainingArguments arguments = run.setup().arguments();
        int steps = stepsLeft(run, doneSteps);
        double training = probe.computing().seconds(batchesPerStep(run) * steps, (double) tokensLeft(run, doneSteps))
                + steps * probe.secondsPerUpdate();
        double evaluations = Occasions.evaluations(arguments, run.plan(), doneSteps, evaluatesAtEnd)
                * run.evaluationTokens()
                * probe.secondsPerEvaluatedToken();
        MemoryEstimate memory = run.memory(0);
        long saved = memory.weights() + (arguments.saveOnlyModel() ? 0 : memory.state());
        return training + evaluations + Occasions.saves(arguments, run.plan(), doneSteps) * saved / SAVED_PER_SECOND;
    }

    private static double batchesPerStep(RunShape run) {
        return (double) run.plan().batchesPerEpoch() / run.plan().stepsPerEpoch();
    }

    private static int stepsLeft(RunShape run, int doneSteps) {
        return Math.max(0, run.plan().totalSteps() - doneSteps);
    }

    private static long tokensLeft(RunShape run, int doneSteps) {
        return Math.round(
                (double) run.tokens() * stepsLeft(run, doneSteps) / run.plan().totalSteps());
    }

    private static RunPlan.Item memoryItem(
            RunShape run, MemoryEstimate memory, long peak, boolean isMeasured, Probe probe) {
        String source = !isMeasured
                ? "from shapes alone: neither this system nor a GPU tells what the process takes"
                : probe == null ? "from shapes: it was not tried" : "3 probe steps";
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

    private static RunPlan.Item timeItem(RunShape run, Probe probe, double seconds, int doneSteps) {
        if (probe == null) {
            return new RunPlan.Item("time", "unknown", "the run would not fit into memory, so no step was tried");
        }
        return new RunPlan.Item(
                "time",
                text(seconds),
                "3 probe steps: %,.0f tokens/s, %.0f ms per update; %,d tokens in %,d steps%s, evaluations and saves"
                        .formatted(
                                tokensPerSecond(run, probe),
                                probe.secondsPerUpdate() * 1e3,
                                tokensLeft(run, doneSteps),
                                stepsLeft(run, doneSteps),
                                doneSteps == 0 ? "" : " after step " + doneSteps));
    }

    /** Of a batch of mean size. */
    private static double tokensPerSecond(RunShape run, Probe probe) {
        double tokens = (double) run.tokens() / run.plan().totalSteps() / batchesPerStep(run);
        return tokens / probe.computing().seconds(1, tokens);
    }

    /** A duration for people to read: {@code 8.4 s}, {@code 12 min 5 s}, {@code 3 h 20 min}. */
    static String text(double seconds) {
        Duration duration = Duration.ofSeconds(Math.round(seconds));
        if (seconds < 60) {
            return "%.1f s".formatted(seconds);
        }
        return seconds < 3600
                ? "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart())
                : "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart());
    }
}
