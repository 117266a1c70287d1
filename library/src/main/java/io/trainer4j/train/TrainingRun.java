package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.train.TrainerCallback.Decision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One call of {@link Trainer#train}: the loop, and what it owns while it runs. */
final class TrainingRun implements AutoCloseable {
    private final Trainer trainer;
    private final TrainingArguments arguments;
    private final StepPlan plan;
    private final LearningRateSchedule schedule;
    private final Gradients gradients;
    private final GradientAccumulation accumulation;
    private final Optimizer optimizer;
    private final TrainerState state;
    private final Checkpoints checkpoints;
    private Progress progress = new Progress();
    private boolean stopped;
    private boolean savedToGoOn;

    TrainingRun(Trainer trainer, StepPlan plan, TrainerState state) {
        this.trainer = trainer;
        this.arguments = trainer.arguments();
        this.plan = plan;
        this.state = state;
        schedule = LearningRateSchedule.of(arguments, plan.totalSteps());
        gradients = new Gradients(trainer.model().parameters().trainable().values());
        accumulation = new GradientAccumulation(trainer, gradients, state);
        optimizer = Optimizer.of(trainer.model().parameters(), arguments);
        trainer.model().embeddingNoise(arguments.neftuneNoiseAlpha() == null ? 0 : arguments.neftuneNoiseAlpha());
        checkpoints = new Checkpoints(arguments.outputDir());
    }

    /** Continues where a checkpoint stopped: weights, moments, random stream, sums. */
    void resume(Path checkpoint) {
        trainer.model().loadWeights(checkpoint);
        progress = ResumeFiles.restore(checkpoint, optimizer);
        optimizer.goOnTraining();
        if (!schedule.state().isEmpty()) {
            schedule.restore(progress.schedule());
        }
        if (state.bestModelCheckpoint != null && !Files.isDirectory(Path.of(state.bestModelCheckpoint))) {
            state.bestModelCheckpoint = null;
        }
    }

    void run() {
        for (int epoch = firstEpoch(); epoch < plan.epochs() && !stopped; epoch++) {
            runEpoch(epoch);
        }
        optimizer.showResult();
        settleOnBest();
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
            return EpochOrder.ofTraining(arguments, plan.rows(), epoch, null);
        }
        if (firstStep == 0) {
            progress.order(EpochOrder.ofTraining(arguments, plan.rows(), epoch, trainer.trainLengths()));
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
        afterStep(trainer.tell(new TrainingEvent.StepEnd(
                state.globalStep, plan.totalSteps(), state.epoch, sum.loss(), gradNorm, learningRate, sum.tokens())));
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
            throw bad.failure(trainer);
        }
        trainer.warn(bad.problem() + "; the step is skipped.");
        return false;
    }

    /** Log, evaluate, save, as DefaultFlowCallback in transformers/trainer_callback.py has it. */
    private void afterStep(Decision wish) {
        int step = state.globalStep;
        boolean last = step >= plan.totalSteps();
        if ((arguments.loggingStrategy() == IntervalStrategy.STEPS && step % state.loggingSteps == 0)
                || (arguments.loggingFirstStep() && step == 1)) {
            log();
        }
        Decision all = wish;
        if (wish == Decision.EVALUATE
                || (arguments.evalStrategy() == IntervalStrategy.STEPS
                        && (step % state.evalSteps == 0 || last)
                        && arguments.evalDelay() <= step)) {
            all = wish.and(evaluate());
        }
        if (all.saves() || (arguments.saveStrategy() == SaveStrategy.STEPS && (step % state.saveSteps == 0 || last))) {
            save();
        }
        stopped |= all.stops();
        savedToGoOn |= all == Decision.SAVE_AND_STOP;
    }

    /** Also the end of the run inside an epoch; not where a callback stopped there, since the epoch is to go on. */
    private void endEpoch(int epoch) {
        progress.endEpoch(state.globalStep);
        trainer.tell(new TrainingEvent.EpochEnd(epoch + 1));
        if (arguments.loggingStrategy() == IntervalStrategy.EPOCH) {
            log();
        }
        Decision wish = Decision.CONTINUE;
        if (arguments.evalStrategy() == IntervalStrategy.EPOCH && arguments.evalDelay() <= state.epoch) {
            wish = evaluate();
        }
        if (wish.saves() || arguments.saveStrategy() == SaveStrategy.EPOCH) {
            save();
        }
        stopped |= wish.stops();
        savedToGoOn |= wish == Decision.SAVE_AND_STOP;
    }

    private void log() {
        if (progress.hasUnlogged()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("loss", progress.takeMeanLoss());
            row.put("grad_norm", progress.gradNorm());
            row.put("learning_rate", schedule.at(state.globalStep - 1));
            trainer.log(row);
        }
    }

    /** What is asked for after it. Callbacks still see the best value of the evaluations before, as in Python. */
    private Decision evaluate() {
        optimizer.showResult();
        Map<String, Double> metrics = trainer.evaluateAndLog();
        Decision wish = trainer.tell(new TrainingEvent.Evaluate(state.globalStep, state.epoch, metrics));
        boolean best =
                arguments.bestMetric().map(name -> isNewBest(name, metrics)).orElse(false);
        optimizer.goOnTraining();
        return best && arguments.saveStrategy() == SaveStrategy.BEST ? wish.and(Decision.SAVE) : wish;
    }

    /** As _determine_best_metric in transformers/trainer.py. */
    private boolean isNewBest(String name, Map<String, Double> metrics) {
        Double value = metrics.get(name);
        if (value == null) {
            throw new TrainerException("metric_for_best_model is " + name + " but the evaluation gives "
                    + metrics.keySet() + "; choose one of these.");
        }
        schedule.evaluated(value);
        if (state.bestMetric == null) {
            state.bestMetric = arguments.bestIsGreatest() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (!arguments.isBetter(value, state.bestMetric)) {
            return false;
        }
        state.bestMetric = value;
        state.bestGlobalStep = state.globalStep;
        return true;
    }

    private void save() {
        Path target = checkpoints.path(state.globalStep);
        if (state.bestGlobalStep != null) {
            Path best = checkpoints.path(state.bestGlobalStep);
            if (best.equals(target) || Files.isDirectory(best)) {
                state.bestModelCheckpoint = best.toString();
            }
        }
        progress.schedule(schedule.state());
        optimizer.showResult();
        checkpoints.write(state.globalStep, List.of(this::writeWhatResumes, trainer::saveModelTo, trainer::writeState));
        if (arguments.saveTotalLimit() != null) {
            checkpoints.rotate(arguments.saveTotalLimit(), state.bestModelCheckpoint);
        }
        optimizer.goOnTraining();
        trainer.tell(new TrainingEvent.Save(state.globalStep, target));
    }

    private void writeWhatResumes(Path folder) {
        if (!arguments.saveOnlyModel()) {
            ResumeFiles.write(folder, optimizer, progress);
        }
    }

    /** The best weights in memory and, where one checkpoint may stay, on disk; unless the run was stopped to go on later. */
    private void settleOnBest() {
        if (state.bestModelCheckpoint == null || savedToGoOn) {
            return;
        }
        if (arguments.loadBestModelAtEnd()) {
            trainer.model().loadWeights(Path.of(state.bestModelCheckpoint));
        }
        if (Integer.valueOf(1).equals(arguments.saveTotalLimit())) {
            checkpoints.keepOnly(state.bestModelCheckpoint);
        }
    }

    TrainOutput output(double seconds) {
        return new TrainOutput(
                state.globalStep, progress.meanLoss(state.globalStep), seconds, stopped, progress.skippedSteps());
    }

    @Override
    public void close() {
        trainer.model().embeddingNoise(0);
        gradients.close();
        optimizer.close();
    }
}
