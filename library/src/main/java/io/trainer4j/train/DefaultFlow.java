package io.trainer4j.train;

import io.trainer4j.train.TrainerCallback.Decision;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Logs, evaluates and saves when it is due, as DefaultFlowCallback in transformers/trainer_callback.py has it. */
final class DefaultFlow {
    private final TrainingSetup setup;
    private final TrainingArguments arguments;
    private final TrainerState state;
    private final LearningRateSchedule schedule;
    private final Optimizer optimizer;
    private final GradScaler scaler;
    private final RunLog log;
    private final Checkpoints checkpoints;
    private final BestModel best;

    DefaultFlow(
            TrainingSetup setup,
            TrainerState state,
            LearningRateSchedule schedule,
            Optimizer optimizer,
            GradScaler scaler) {
        this.scaler = scaler;
        this.setup = setup;
        this.state = state;
        this.schedule = schedule;
        this.optimizer = optimizer;
        arguments = setup.arguments();
        log = new RunLog(setup, state);
        checkpoints = new Checkpoints(arguments.outputDir());
        best = new BestModel(arguments, state, checkpoints);
    }

    BestModel best() {
        return best;
    }

    /**
     * What is due after an optimizer step.
     *
     * @param wish what the callbacks asked for
     * @return what is asked for after it
     */
    Decision afterStep(Decision wish, Progress progress) {
        int step = state.globalStep;
        boolean last = step >= state.maxSteps;
        if ((arguments.loggingStrategy() == IntervalStrategy.STEPS && step % state.loggingSteps == 0)
                || (arguments.loggingFirstStep() && step == 1)) {
            log(progress);
        }
        Decision all = wish;
        if (wish == Decision.EVALUATE
                || (arguments.evalStrategy() == IntervalStrategy.STEPS
                        && (step % state.evalSteps == 0 || last)
                        && arguments.evalDelay() <= step)) {
            all = wish.and(evaluate());
        }
        if (all.saves() || (arguments.saveStrategy() == SaveStrategy.STEPS && (step % state.saveSteps == 0 || last))) {
            save(progress);
        }
        return all;
    }

    /** What is due after an epoch; returns what is asked for after it. */
    Decision afterEpoch(Progress progress) {
        if (arguments.loggingStrategy() == IntervalStrategy.EPOCH) {
            log(progress);
        }
        Decision wish = Decision.CONTINUE;
        if (arguments.evalStrategy() == IntervalStrategy.EPOCH && arguments.evalDelay() <= state.epoch) {
            wish = evaluate();
        }
        if (wish.saves() || arguments.saveStrategy() == SaveStrategy.EPOCH) {
            save(progress);
        }
        return wish;
    }

    private void log(Progress progress) {
        if (progress.hasUnlogged()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("loss", progress.takeMeanLoss());
            row.put("grad_norm", progress.gradNorm());
            row.put("learning_rate", schedule.at(progress.lastScheduled(state.globalStep)));
            log.add(row);
        }
    }

    /** What is asked for after it. Callbacks still see the best value of the evaluations before, as in Python. */
    private Decision evaluate() {
        optimizer.showResult();
        Map<String, Double> metrics = setup.evaluation().metrics();
        log.add(metrics);
        Decision wish = setup.callbacks().tell(new TrainingEvent.Evaluate(state.globalStep, state.epoch, metrics));
        boolean isBest = best.isNewBest(metrics, schedule);
        optimizer.goOnTraining();
        return isBest && arguments.saveStrategy() == SaveStrategy.BEST ? wish.and(Decision.SAVE) : wish;
    }

    private void save(Progress progress) {
        Path target = checkpoints.path(state.globalStep);
        best.beforeSaving(target);
        progress.schedule(schedule.state());
        progress.scaler(scaler.state());
        optimizer.showResult();
        checkpoints.write(
                state.globalStep,
                List.of(
                        folder -> writeWhatResumes(folder, progress),
                        setup.files()::writeModel,
                        folder -> setup.files().writeState(folder, state)));
        if (arguments.saveTotalLimit() != null) {
            checkpoints.rotate(arguments.saveTotalLimit(), state.bestModelCheckpoint);
        }
        optimizer.goOnTraining();
        setup.callbacks().tell(new TrainingEvent.Save(state.globalStep, target));
    }

    private void writeWhatResumes(Path folder, Progress progress) {
        if (!arguments.saveOnlyModel()) {
            ResumeFiles.write(folder, optimizer, progress);
        }
    }
}
