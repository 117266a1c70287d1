package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.model.PretrainedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Which evaluation was the best, and where its weights are. */
final class BestModel {
    private final TrainingArguments arguments;
    private final TrainerState state;
    private final Checkpoints checkpoints;

    BestModel(TrainingArguments arguments, TrainerState state, Checkpoints checkpoints) {
        this.arguments = arguments;
        this.state = state;
        this.checkpoints = checkpoints;
    }

    /** Forgets a checkpoint that is gone when a run goes on. */
    void resume() {
        if (state.bestModelCheckpoint != null && !Files.isDirectory(Path.of(state.bestModelCheckpoint))) {
            state.bestModelCheckpoint = null;
        }
    }

    /**
     * Compares an evaluation with those before, as _determine_best_metric in transformers/trainer.py.
     *
     * @param schedule told the metric, which it may follow
     * @return whether it is the best so far
     */
    boolean isNewBest(Map<String, Double> metrics, LearningRateSchedule schedule) {
        if (arguments.bestMetric().isEmpty()) {
            return false;
        }
        String name = arguments.bestMetric().get();
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

    /** Names the best step's checkpoint, if it is there or about to be written. */
    void beforeSaving(Path target) {
        if (state.bestGlobalStep != null) {
            Path best = checkpoints.path(state.bestGlobalStep);
            if (best.equals(target) || Files.isDirectory(best)) {
                state.bestModelCheckpoint = best.toString();
            }
        }
    }

    /** At the end: the best weights in memory and, where one checkpoint may stay, on disk. */
    void settle(PretrainedModel model) {
        if (state.bestModelCheckpoint == null) {
            return;
        }
        if (arguments.loadBestModelAtEnd()) {
            model.loadWeights(Path.of(state.bestModelCheckpoint));
        }
        if (Integer.valueOf(1).equals(arguments.saveTotalLimit())) {
            checkpoints.keepOnly(state.bestModelCheckpoint);
        }
    }
}
