package io.trainer4j.train;

import java.util.Locale;
import java.util.Map;

/**
 * The learning rate of each optimizer step (transformers/optimization.py). With warmup the first step has rate 0, and the
 * last step never reaches the schedule's end, as in Python.
 */
sealed interface LearningRateSchedule permits StepSchedule, PlateauSchedule, GreedySchedule {
    /**
     * The rate used by a step.
     *
     * @param step number of steps already done: 0 for the first
     */
    double at(int step);

    /** Takes notice of an evaluation's figure. */
    default void evaluated(double metric) {}

    /** What a checkpoint must hold beyond the step: numbers by name, none for a schedule of steps alone. */
    default Map<String, Double> state() {
        return Map.of();
    }

    /** Continues from {@link #state}. */
    default void restore(Map<String, Double> state) {}

    /**
     * The schedule the arguments ask for.
     *
     * @throws io.trainer4j.UsageException for a setting in {@code lr_scheduler_kwargs} that the schedule does not have
     */
    static LearningRateSchedule of(TrainingArguments arguments, int totalSteps) {
        SchedulerType type = arguments.lrSchedulerType();
        double peak = arguments.learningRate();
        NamedSettings settings = NamedSettings.of("lr_scheduler_kwargs", arguments.lrSchedulerKwargs());
        LearningRateSchedule schedule = switch (type) {
            case REDUCE_LR_ON_PLATEAU -> new PlateauSchedule(peak, settings);
            case GREEDY -> new GreedySchedule(peak, settings);
            default ->
                new StepSchedule(
                        peak,
                        arguments.warmupStepsOf(totalSteps),
                        totalSteps,
                        ScheduleShape.of(type, peak, arguments.warmupStepsOf(totalSteps), totalSteps, settings));
        };
        settings.requireAllKnown(type.name().toLowerCase(Locale.ROOT));
        return schedule;
    }
}
