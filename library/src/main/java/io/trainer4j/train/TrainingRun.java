package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.train.TrainerCallback.Decision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One call of {@link Trainer#train}: the loop, and what it owns while it runs. */
final class TrainingRun implements AutoCloseable {
    private final Trainer trainer;
    private final TrainingArguments arguments;
    private final StepPlan plan;
    private final LearningRateSchedule schedule;
    private final Gradients gradients;
    private final AdamW optimizer;
    private final TrainerState state;
    private final Checkpoints checkpoints;
    private LossSums losses = new LossSums();
    private boolean stopped;

    TrainingRun(Trainer trainer, StepPlan plan, TrainerState state) {
        this.trainer = trainer;
        this.arguments = trainer.arguments();
        this.plan = plan;
        this.state = state;
        schedule = new LearningRateSchedule(
                arguments.lrSchedulerType(),
                arguments.learningRate(),
                arguments.warmupStepsOf(plan.totalSteps()),
                plan.totalSteps());
        gradients = new Gradients(trainer.model().parameters().asMap().values());
        optimizer = new AdamW(trainer.model().parameters(), arguments);
        checkpoints = new Checkpoints(arguments.outputDir());
    }

    /** Continues where a checkpoint stopped: weights, moments, random stream, loss sums. */
    void resume(Path checkpoint) {
        trainer.model().loadWeights(checkpoint);
        losses = ResumeFiles.restore(checkpoint, optimizer);
    }

    /** The loop. */
    void run() {
        int firstEpoch = state.globalStep / plan.stepsPerEpoch();
        int skippedSteps = state.globalStep % plan.stepsPerEpoch();
        for (int epoch = firstEpoch; epoch < plan.epochs() && !isOver(); epoch++) {
            int[] order = RandomState.permutation(plan.rows(), arguments.shuffleSeed() + epoch);
            if (skippedSteps == 0) {
                RandomState.drawLoaderSeed(); // a resumed epoch drew before its checkpoint was made
            }
            for (int step = skippedSteps; step < plan.stepsPerEpoch() && !isOver(); step++) {
                int firstBatch = step * arguments.gradientAccumulationSteps();
                int endBatch = Math.min(firstBatch + arguments.gradientAccumulationSteps(), plan.batchesPerEpoch());
                step(epoch, order, firstBatch, endBatch);
            }
            skippedSteps = 0;
            if (!isOver() || state.globalStep == plan.stepsPerEpoch() * (epoch + 1)) {
                endEpoch(epoch);
            }
        }
        loadBest();
    }

    private boolean isOver() {
        return stopped || state.globalStep >= plan.totalSteps();
    }

    private void step(int epoch, int[] order, int firstBatch, int endBatch) {
        List<MiniBatch> group = new ArrayList<>();
        for (int b = firstBatch; b < endBatch; b++) {
            group.add(trainer.trainBatch(plan.batch(order, b)));
        }
        double targets = group.stream().mapToLong(trainer.objective()::targets).sum();
        double loss = 0;
        long tokens = 0;
        for (MiniBatch batch : group) {
            loss += backward(batch, targets);
            tokens += Arrays.stream(batch.input().attentionMask())
                    .mapToLong(row -> Arrays.stream(row).sum())
                    .sum();
            state.totalFlos += trainer.floatingPointOperations(batch);
        }
        requireFinite(loss);
        double gradNorm = gradients.clip(arguments.maxGradNorm());
        double learningRate = schedule.at(state.globalStep);
        optimizer.step(learningRate);
        gradients.clear();

        losses.add(loss);
        state.globalStep++;
        state.epoch = epoch + (double) endBatch / plan.batchesPerEpoch();
        Decision wish = trainer.tell(new TrainingEvent.StepEnd(
                state.globalStep, plan.totalSteps(), state.epoch, loss, gradNorm, learningRate, tokens));
        afterStep(gradNorm, learningRate, wish);
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

    private void requireFinite(double loss) {
        if (!Double.isFinite(loss)) {
            gradients.clear();
            throw new TrainerException("The loss of step " + (state.globalStep + 1) + " is " + loss
                    + "; the weights are as they were before it. Lower --learning-rate (now "
                    + arguments.learningRate() + ") or look for broken rows.");
        }
    }

    /** Log, evaluate, save, in Hugging Face's order. */
    private void afterStep(double gradNorm, double learningRate, Decision wish) {
        int step = state.globalStep;
        boolean last = step >= plan.totalSteps();
        boolean stop = wish == Decision.STOP || wish == Decision.SAVE_AND_STOP;
        if ((arguments.loggingStrategy() == IntervalStrategy.STEPS && step % state.loggingSteps == 0)
                || (arguments.loggingFirstStep() && step == 1)) {
            log(gradNorm, learningRate);
        }
        lastGradNorm = gradNorm;
        lastLearningRate = learningRate;
        if (wish == Decision.EVALUATE
                || (arguments.evalStrategy() == IntervalStrategy.STEPS
                        && (step % state.evalSteps == 0 || last)
                        && arguments.evalDelay() <= step)) {
            stop |= evaluate();
        }
        if (wish == Decision.SAVE
                || wish == Decision.SAVE_AND_STOP
                || (arguments.saveStrategy() == IntervalStrategy.STEPS && (step % state.saveSteps == 0 || last))) {
            save();
        }
        stopped |= stop;
    }

    private double lastGradNorm;
    private double lastLearningRate;

    private void endEpoch(int epoch) {
        if (arguments.loggingStrategy() == IntervalStrategy.EPOCH) {
            log(lastGradNorm, lastLearningRate);
        }
        if (arguments.evalStrategy() == IntervalStrategy.EPOCH && arguments.evalDelay() <= state.epoch) {
            stopped |= evaluate();
        }
        if (arguments.saveStrategy() == IntervalStrategy.EPOCH) {
            save();
        }
        trainer.tell(new TrainingEvent.EpochEnd(epoch + 1));
    }

    private void log(double gradNorm, double learningRate) {
        if (losses.hasUnlogged(state.globalStep)) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("loss", losses.takeMean(state.globalStep));
            row.put("grad_norm", gradNorm);
            row.put("learning_rate", learningRate);
            trainer.log(row);
        }
    }

    /** Whether a callback asked to stop. */
    private boolean evaluate() {
        Map<String, Double> metrics = trainer.evaluateAndLog();
        arguments.bestMetric().ifPresent(name -> {
            Double value = metrics.get(name);
            if (value == null) {
                throw new TrainerException("metric_for_best_model is " + name + " but the evaluation gives "
                        + metrics.keySet() + "; choose one of these.");
            }
            boolean better = state.bestMetric == null
                    || (arguments.bestIsGreatest() ? value > state.bestMetric : value < state.bestMetric);
            if (better) {
                state.bestMetric = value;
                state.bestGlobalStep = state.globalStep;
            }
        });
        Decision wish = trainer.tell(new TrainingEvent.Evaluate(state.globalStep, state.epoch, metrics));
        return wish == Decision.STOP || wish == Decision.SAVE_AND_STOP;
    }

    private void save() {
        Path target = checkpoints.path(state.globalStep);
        if (state.bestGlobalStep != null && state.bestGlobalStep == state.globalStep) {
            state.bestModelCheckpoint = target.toString();
        }
        checkpoints.write(state.globalStep, folder -> {
            trainer.saveModelTo(folder);
            trainer.writeState(folder);
            if (!arguments.saveOnlyModel()) {
                ResumeFiles.write(folder, optimizer, losses);
            }
        });
        Optional.ofNullable(arguments.saveTotalLimit())
                .ifPresent(limit -> checkpoints.rotate(limit, state.bestModelCheckpoint));
        trainer.tell(new TrainingEvent.Save(state.globalStep, target));
    }

    private void loadBest() {
        if (arguments.loadBestModelAtEnd() && !stopped && state.bestModelCheckpoint != null) {
            trainer.model().loadWeights(Path.of(state.bestModelCheckpoint));
        }
    }

    TrainOutput output(double seconds) {
        return new TrainOutput(state.globalStep, losses.mean(state.globalStep), seconds, stopped);
    }

    @Override
    public void close() {
        gradients.close();
        optimizer.close();
    }
}
