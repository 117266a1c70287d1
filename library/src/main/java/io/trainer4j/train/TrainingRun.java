package io.trainer4j.train;

import io.trainer4j.tensor.RandomState;
import io.trainer4j.train.TrainerCallback.Decision;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** One call of {@link Trainer#train}: the loop, and what it owns while it runs. */
final class TrainingRun implements AutoCloseable {
    private final TrainingSetup setup;
    private final TrainingArguments arguments;
    private final StepPlan plan;
    private final TrainerState state;
    private final LearningRateSchedule schedule;
    private final Gradients gradients;
    private final GradientAccumulation accumulation;
    private final Optimizer optimizer;
    private final DefaultFlow flow;
    private Progress progress = new Progress();
    private boolean stopped;
    private boolean savedToGoOn;

    TrainingRun(TrainingSetup setup, StepPlan plan, TrainerState state) {
        this.setup = setup;
        this.plan = plan;
        this.state = state;
        arguments = setup.arguments();
        schedule = LearningRateSchedule.of(arguments, plan.totalSteps());
        gradients = new Gradients(setup.model().parameters().trainable().values());
        accumulation = new GradientAccumulation(setup, gradients, state);
        optimizer = Optimizer.of(setup.model().parameters(), arguments);
        flow = new DefaultFlow(setup, state, schedule, optimizer);
        setup.model().embeddingNoise(arguments.neftuneNoiseAlpha() == null ? 0 : arguments.neftuneNoiseAlpha());
    }

    /** Continues where a checkpoint stopped: weights, moments, random stream, sums. */
    void resume(Path checkpoint) {
        setup.model().loadWeights(checkpoint);
        progress = ResumeFiles.restore(checkpoint, optimizer);
        optimizer.goOnTraining();
        if (!schedule.state().isEmpty()) {
            schedule.restore(progress.schedule());
        }
        flow.best().resume();
    }

    void run() {
        for (int epoch = firstEpoch(); epoch < plan.epochs() && !stopped; epoch++) {
            runEpoch(epoch);
        }
        optimizer.showResult();
        if (!savedToGoOn) {
            flow.best().settle(setup.model());
        }
    }

    /** The epoch to go on in. A checkpoint made after its last step but before its end was reported is still inside it. */
    private int firstEpoch() {
        int epoch = state.globalStep / plan.stepsPerEpoch();
        boolean between = state.globalStep > 0 && state.globalStep % plan.stepsPerEpoch() == 0;
        return between && !progress.endedEpochAt(state.globalStep) ? epoch - 1 : epoch;
    }

    private void runEpoch(int epoch) {
        int stepsBefore = epoch * plan.stepsPerEpoch();
        int first = state.globalStep - stepsBefore;
        if (first == 0) {
            RandomState.drawLoaderSeed(); // a resumed epoch drew before its checkpoint was made
        }
        int[] order = order(epoch, first);
        for (int step = first; step < plan.stepsPerEpoch() && !isOver(); step++) {
            step(epoch, order, step);
        }
        boolean complete = state.globalStep - stepsBefore == plan.stepsPerEpoch();
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

    private boolean isOver() {
        return stopped || state.globalStep >= plan.totalSteps();
    }

    private void step(int epoch, int[] order, int step) {
        int firstBatch = step * arguments.gradientAccumulationSteps();
        int endBatch = Math.min(firstBatch + arguments.gradientAccumulationSteps(), plan.batchesPerEpoch());
        GradientAccumulation.Sum sum = accumulation.run(
                IntStream.range(firstBatch, endBatch)
                        .mapToObj(b -> plan.batch(order, b))
                        .toList(),
                progress);
        double gradNorm = gradients.clip(arguments.maxGradNorm());
        double learningRate = schedule.at(state.globalStep);
        if (isFinite(sum, gradNorm)) {
            optimizer.step(learningRate);
            progress.addStep(sum.loss(), gradNorm);
        } else {
            progress.skipStep();
        }
        gradients.clear();

        state.totalFlos += sum.flos();
        state.numInputTokensSeen += sum.inputTokensSeen();
        state.globalStep++;
        state.epoch = epoch + (double) endBatch / plan.batchesPerEpoch();
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

    /** Whether the weights may move; if not, the run ends or tells that it skips the step. */
    private boolean isFinite(GradientAccumulation.Sum sum, double gradNorm) {
        if (arguments.hfCompat() || (Double.isFinite(sum.loss()) && Double.isFinite(gradNorm))) {
            return true;
        }
        boolean finiteLoss = Double.isFinite(sum.loss());
        NonFiniteStep bad = new NonFiniteStep(
                state.globalStep + 1,
                finiteLoss ? "gradient norm" : "loss",
                finiteLoss ? gradNorm : sum.loss(),
                sum.suspects());
        if (arguments.onNan() == OnNan.STOP) {
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
                state.globalStep, progress.meanLoss(state.globalStep), seconds, stopped, progress.skippedSteps());
    }

    @Override
    public void close() {
        setup.model().embeddingNoise(0);
        gradients.close();
        optimizer.close();
    }
}
