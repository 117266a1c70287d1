package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.train.TrainerCallback.Decision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
    private final Optimizer optimizer;
    private final TrainerState state;
    private final Checkpoints checkpoints;
    private Progress progress = new Progress();
    private boolean stopped;

    TrainingRun(Trainer trainer, StepPlan plan, TrainerState state) {
        this.trainer = trainer;
        this.arguments = trainer.arguments();
        this.plan = plan;
        this.state = state;
        schedule = LearningRateSchedule.of(arguments, plan.totalSteps());
        gradients = new Gradients(trainer.model().parameters().asMap().values());
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
        loadBest();
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
        List<MiniBatch> group = IntStream.range(firstBatch, endBatch)
                .mapToObj(b -> trainer.trainBatch(plan.batch(order, b)))
                .toList();
        double targets = group.stream().mapToLong(trainer.objective()::targets).sum();
        if (targets == 0) {
            throw new TrainerException(
                    "Step " + (state.globalStep + 1) + " has no label to train on; remove rows without labels.");
        }
        double loss = 0;
        for (MiniBatch batch : group) {
            double ofBatch = backward(batch, targets);
            loss += isHidden(ofBatch) ? progress.replacement(loss, state.globalStep) : ofBatch;
            state.numInputTokensSeen += tokensSeen(batch);
            state.totalFlos += trainer.floatingPointOperations(batch);
        }
        requireFinite("loss", loss);
        double gradNorm = gradients.clip(arguments.maxGradNorm());
        requireFinite("gradient norm", gradNorm);
        double learningRate = schedule.at(state.globalStep);
        optimizer.step(learningRate);
        gradients.clear();

        progress.addStep(loss, gradNorm);
        state.globalStep++;
        state.epoch = epoch + (double) endBatch / plan.batchesPerEpoch();
        afterStep(trainer.tell(new TrainingEvent.StepEnd(
                state.globalStep, plan.totalSteps(), state.epoch, loss, gradNorm, learningRate, tokens(group))));
    }

    private double backward(MiniBatch batch, double targets) {
        try {
            return trainer.objective().backward(batch, targets);
        } catch (RuntimeException | OutOfMemoryError e) {
            gradients.clear();
            throw OutOfMemory.explain(e, state.globalStep + 1, batch, arguments, part -> {
                trainer.objective().backward(part, targets);
                gradients.clear();
            });
        }
    }

    private void requireFinite(String what, double value) {
        if (!Double.isFinite(value) && !arguments.hfCompat()) {
            gradients.clear();
            throw new TrainerException("The " + what + " of step " + (state.globalStep + 1) + " is " + value
                    + "; the weights are as they were before it. Lower --learning-rate (now "
                    + arguments.learningRate() + ") or look for broken rows.");
        }
    }

    private boolean isHidden(double loss) {
        return !Double.isFinite(loss) && arguments.hfCompat() && arguments.loggingNanInfFilter();
    }

    private long tokensSeen(MiniBatch batch) {
        return switch (arguments.includeNumInputTokensSeen()) {
            case NO -> 0;
            case ALL -> (long) batch.rows() * batch.input().length();
            case NON_PADDING -> tokens(List.of(batch));
        };
    }

    private static long tokens(List<MiniBatch> group) {
        return group.stream()
                .flatMap(batch -> Arrays.stream(batch.input().attentionMask()))
                .mapToLong(row -> Arrays.stream(row).sum())
                .sum();
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
        if (all.saves()
                || (arguments.saveStrategy() == IntervalStrategy.STEPS && (step % state.saveSteps == 0 || last))) {
            save();
        }
        stopped |= all.stops();
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
        if (wish.saves() || arguments.saveStrategy() == IntervalStrategy.EPOCH) {
            save();
        }
        stopped |= wish.stops();
    }

    private void log() {
        if (progress.hasUnlogged(state.globalStep)) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("loss", progress.takeMeanLoss(state.globalStep));
            row.put("grad_norm", progress.gradNorm());
            row.put("learning_rate", schedule.at(state.globalStep - 1));
            trainer.log(row);
        }
    }

    /** What the callbacks ask for after it. */
    private Decision evaluate() {
        optimizer.showResult();
        Map<String, Double> metrics = trainer.evaluateAndLog();
        arguments.bestMetric().ifPresent(name -> {
            Double value = metrics.get(name);
            if (value == null) {
                throw new TrainerException("metric_for_best_model is " + name + " but the evaluation gives "
                        + metrics.keySet() + "; choose one of these.");
            }
            schedule.evaluated(value);
            if (isBest(value)) {
                state.bestMetric = value;
                state.bestGlobalStep = state.globalStep;
            }
        });
        Decision wish = trainer.tell(new TrainingEvent.Evaluate(state.globalStep, state.epoch, metrics));
        optimizer.goOnTraining();
        return wish;
    }

    private boolean isBest(double value) {
        if (state.bestMetric == null) {
            return Double.isFinite(value);
        }
        return arguments.bestIsGreatest() ? value > state.bestMetric : value < state.bestMetric;
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
        checkpoints.write(state.globalStep, folder -> {
            trainer.saveModelTo(folder);
            trainer.writeState(folder);
            if (!arguments.saveOnlyModel()) {
                ResumeFiles.write(folder, optimizer, progress);
            }
        });
        if (arguments.saveTotalLimit() != null) {
            checkpoints.rotate(arguments.saveTotalLimit(), state.bestModelCheckpoint);
        }
        optimizer.goOnTraining();
        trainer.tell(new TrainingEvent.Save(state.globalStep, target));
    }

    private void loadBest() {
        if (arguments.loadBestModelAtEnd() && state.bestModelCheckpoint != null) {
            trainer.model().loadWeights(Path.of(state.bestModelCheckpoint));
        }
    }

    TrainOutput output(double seconds) {
        return new TrainOutput(state.globalStep, progress.meanLoss(state.globalStep), seconds, stopped);
    }

    @Override
    public void close() {
        trainer.model().embeddingNoise(0);
        gradients.close();
        optimizer.close();
    }
}
