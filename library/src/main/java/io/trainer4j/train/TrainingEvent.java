package io.trainer4j.train;

import java.nio.file.Path;
import java.util.Map;

/** Something that happened in a run, in the order it happened. Python's callback of the same moment is named with each. */
public sealed interface TrainingEvent {
    /**
     * The run is about to start ({@code on_train_begin}).
     *
     * @param plan what was decided, each with its reason
     * @param startStep steps already done by the checkpoint that is resumed, 0 for a new run
     */
    record TrainBegin(RunPlan plan, int startStep, int totalSteps) implements TrainingEvent {}

    /**
     * An optimizer step is done ({@code on_step_end}).
     *
     * @param loss mean over the step's targets; not finite where the step was skipped
     * @param gradNorm global norm before clipping; not finite or 0 where the step was skipped
     * @param tokens tokens the step read, without padding
     */
    record StepEnd(
            int step, int totalSteps, double epoch, double loss, double gradNorm, double learningRate, long tokens)
            implements TrainingEvent {}

    /**
     * The first three steps have shown what the rest of the run will take. Told where {@link Trainer#forecastAsItTrains} was
     * called before; Python has no such moment.
     */
    record Forecasted(Forecast forecast) implements TrainingEvent {}

    /** A row was added to {@code log_history} ({@code on_log}). */
    record Log(Map<String, Object> row) implements TrainingEvent {}

    /** The evaluation set was measured ({@code on_evaluate}); names begin with {@code eval_}. */
    record Evaluate(int step, double epoch, Map<String, Double> metrics) implements TrainingEvent {}

    /** A checkpoint is whole on disk ({@code on_save}). */
    record Save(int step, Path checkpoint) implements TrainingEvent {}

    /**
     * A pass over the training set is done, or the run ends inside one ({@code on_epoch_end}); what is due then is logged,
     * evaluated and saved next.
     *
     * @param epoch number of the pass, from 1
     */
    record EpochEnd(int epoch) implements TrainingEvent {}

    /** Something the user should know, in a sentence; the run goes on. Python logs such. */
    record Warning(String message) implements TrainingEvent {}

    /** The run is over ({@code on_train_end}). */
    record TrainEnd(TrainOutput output) implements TrainingEvent {}
}
