package io.trainer4j.train;

import io.trainer4j.model.Precision;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.train.TrainerCallback.Decision;
import java.nio.file.Path;
import java.util.List;

/** One call of {@link Trainer#train}: the loop, and what it owns while it runs. */
final class TrainingRun implements AutoCloseable {
    private final TrainingSetup setup;
    private final TrainingArguments arguments;
    private final StepPlan plan;
    private final TrainerState state;
    private final LearningRateSchedule schedule;
    private final FrozenCache frozen;
    private final Gradients gradients;
    private final GradientAccumulation accumulation;
    private final Optimizer optimizer;
    private final GradScaler scaler;
    private final KeptZeros zeros;
    private final DefaultFlow flow;
    private final StepWatch watch;
    private Progress progress = new Progress();
    private boolean stopped;
    private boolean savedToGoOn;

    TrainingRun(TrainingSetup setup, StepPlan plan, TrainerState state, StepWatch watch) {
        this(
                setup,
                plan,
                state,
                watch,
                setup.arguments().precision(setup.model().device()));
    }

    private TrainingRun(TrainingSetup setup, StepPlan plan, TrainerState state, StepWatch watch, Precision precision) {
        this(setup, plan, state, watch, precision, GradScaler.of(precision));
    }

    /** As the arguments say but for the precision, which a test may choose on a device that is not meant for it. */
    TrainingRun(
            TrainingSetup setup,
            StepPlan plan,
            TrainerState state,
            StepWatch watch,
            Precision precision,
            GradScaler scaler) {
        this.scaler = scaler;
        this.watch = watch;
        this.setup = setup;
        this.plan = plan;
        this.state = state;
        arguments = setup.arguments();
        schedule = LearningRateSchedule.of(arguments, plan.totalSteps());
        frozen = FrozenCache.of(setup);
        optimizer = optimizer(); // what may fail comes before what would have to be freed
        gradients = new Gradients(setup.model().parameters().trainable().values());
        accumulation = new GradientAccumulation(setup, gradients, plan, state, frozen, precision, scaler);
        zeros = KeptZeros.of(setup.model(), arguments);
        flow = new DefaultFlow(setup, state, schedule, optimizer, scaler);
        setup.model().embeddingNoise(arguments.neftuneNoiseAlpha() == null ? 0 : arguments.neftuneNoiseAlpha());
    }

    private Optimizer optimizer() {
        try {
            return Optimizer.of(setup.model().parameters(), arguments);
        } catch (RuntimeException e) {
            if (frozen != null) {
                frozen.close();
            }
            throw e;
        }
    }

    /** Continues where a checkpoint stopped: weights, moments, random stream, sums. */
    void resume(Path checkpoint) {
        setup.model().loadWeights(checkpoint);
        progress = ResumeFiles.restore(checkpoint, optimizer);
        optimizer.goOnTraining();
        scaler.restore(progress.scaler());
        if (!schedule.state().isEmpty()) {
            schedule.restore(progress.schedule());
        }
        flow.best().resume();
    }

    void run() {
        int epoch = firstEpoch();
        int step = firstStep(epoch);
        for (; epoch < plan.epochs() && !stopped; epoch++) {
            runEpoch(epoch, step);
            step = 0;
        }
        optimizer.showResult();
        if (!savedToGoOn) {
            flow.best().settle(setup.model());
            if (frozen != null) {
                frozen.finish();
            }
        }
    }

    /** The epoch to go on in. A checkpoint made after its last step but before its end was reported is still inside it. */
    private int firstEpoch() {
        int epoch = state.globalStep / plan.stepsPerEpoch();
        boolean between = state.globalStep > 0 && state.globalStep % plan.stepsPerEpoch() == 0;
        return between && !progress.endedEpochAt(state.globalStep) ? epoch - 1 : epoch;
    }

    /** Where in that epoch to go on; with ignore_data_skip its rows begin anew, and count towards the steps of the run. */
    private int firstStep(int epoch) {
        int step = state.globalStep - epoch * plan.stepsPerEpoch();
        return arguments.ignoreDataSkip() && step < plan.stepsPerEpoch() ? 0 : step;
    }

    private void runEpoch(int epoch, int first) {
        if (first == 0) {
            RandomState.drawLoaderSeed(); // a resumed epoch drew before its checkpoint was made
        }
        List<int[]> batches = setup.rows().batches(arguments, plan, order(epoch, first));
        int left = Math.max(0, plan.totalSteps() - state.globalStep);
        int end = Math.min(plan.stepsPerEpoch(), first + left);
        int step = first;
        try (BatchLoader loader = setup.rows().loader(arguments, ofSteps(batches, first, end))) {
            for (; step < end && !stopped; step++) {
                step(epoch, step, batches, loader);
            }
        }
        boolean complete = step == plan.stepsPerEpoch();
        if ((complete || !stopped) && !progress.endedEpochAt(state.globalStep)) {
            endEpoch(epoch);
        }
    }

    private int[] order(int epoch, int firstStep) {
        if (!EpochOrder.isOnce(arguments)) {
            return setup.rows().order(arguments, epoch);
        }
        if (firstStep == 0) {
            progress.order(setup.rows().order(arguments, epoch));
        }
        return progress.order();
    }

    /** The batches of some steps of an epoch. */
    private List<int[]> ofSteps(List<int[]> batches, int from, int until) {
        int accumulated = arguments.gradientAccumulationSteps();
        int size = batches.size(); // the last step of an epoch may have fewer
        return batches.subList(Math.min(from * accumulated, size), Math.min(until * accumulated, size));
    }

    private void step(int epoch, int step, List<int[]> batches, BatchLoader loader) {
        List<int[]> own = ofSteps(batches, step, step + 1);
        long begun = System.nanoTime();
        GradientAccumulation.Sum sum = accumulation.run(own, loader, progress);
        long computed = System.nanoTime();
        zeros.clearGradients();
        boolean overflows = scaler.isEnabled() && !gradients.unscale(scaler.scale());
        double gradNorm = gradients.clip(arguments.maxGradNorm());
        double learningRate = schedule.at(progress.scheduled(state.globalStep));
        if (overflows && isMatterOfScale(sum)) {
            tellOverflow();
            progress.overflow(sum.loss());
        } else if (isFinite(sum, gradNorm)) {
            optimizer.step(learningRate);
            zeros.restore();
            progress.addStep(sum.loss(), gradNorm);
        } else {
            progress.skipStep();
        }
        scaler.update(overflows);
        gradients.clear();
        watch.took(own, (computed - begun) / 1e9, (System.nanoTime() - computed) / 1e9);

        state.totalFlos += sum.flos();
        state.numInputTokensSeen += sum.inputTokensSeen();
        state.globalStep++;
        int done = step * arguments.gradientAccumulationSteps() + own.size();
        state.epoch = epoch + (double) done / plan.batchesPerEpoch();
        Decision wish = setup.callbacks()
                .tell(new TrainingEvent.StepEnd(
                        state.globalStep,
                        plan.totalSteps(),
                        state.epoch,
                        sum.loss(),
                        gradNorm,
                        learningRate,
                        sum.tokens()));
        obey(flow.afterStep(wish, progress));
    }

    /**
     * Whether gradients that overflowed are what a smaller scale is for, and not a matter for {@code on_nan}: the loss itself
     * is a number, and the gradients are still multiplied by 1 or more.
     */
    private boolean isMatterOfScale(GradientAccumulation.Sum sum) {
        return arguments.hfCompat() || (Double.isFinite(sum.loss()) && scaler.scale() >= 1);
    }

    private void tellOverflow() {
        setup.callbacks()
                .warn(
                        "The gradients of step %d overflow fp16 with the loss times %.0f; the step is skipped and the factor"
                                        .formatted(state.globalStep + 1, scaler.scale())
                                + " halved.");
    }

    /** Whether the weights may move; if not, the run ends or tells that it skips the step. */
    private boolean isFinite(GradientAccumulation.Sum sum, double gradNorm) {
        boolean ignored = arguments.hfCompat() && !arguments.watchesOverflow();
        if (ignored || (Double.isFinite(sum.loss()) && Double.isFinite(gradNorm))) {
            return true;
        }
        boolean finiteLoss = Double.isFinite(sum.loss());
        NonFiniteStep bad = new NonFiniteStep(
                state.globalStep + 1,
                finiteLoss ? "gradient norm" : "loss",
                finiteLoss ? gradNorm : sum.loss(),
                sum.suspects());
        if (arguments.onNan() == OnNan.STOP || arguments.watchesOverflow()) {
            gradients.clear();
            throw bad.failure(setup);
        }
        setup.callbacks().warn(bad.problem() + "; the step is skipped.");
        return false;
    }

    /** Also the end of the run inside an epoch; not where a callback stopped there, since the epoch is to go on. */
    private void endEpoch(int epoch) {
        progress.endEpoch(state.globalStep);
        setup.callbacks().tell(new TrainingEvent.EpochEnd(epoch + 1));
        obey(flow.afterEpoch(progress));
    }

    private void obey(Decision wish) {
        stopped |= wish.stops();
        savedToGoOn |= wish == Decision.SAVE_AND_STOP;
    }

    TrainOutput output(double seconds) {
        return new TrainOutput(
                state.globalStep,
                progress.meanLoss(state.globalStep),
                seconds,
                stopped,
                progress.skippedSteps(),
                accumulation.waitedSeconds());
    }

    @Override
    public void close() {
        setup.model().embeddingNoise(0);
        gradients.close();
        optimizer.close();
        zeros.close();
        if (frozen != null) {
            frozen.close();
        }
    }
}
