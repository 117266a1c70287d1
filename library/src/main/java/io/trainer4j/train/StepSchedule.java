package io.trainer4j.train;

/**
 * A rate that depends on the step alone.
 *
 * @param peak rate after warmup
 * @param warmupSteps steps in which the rate rises
 * @param totalSteps steps of the whole run
 */
record StepSchedule(double peak, int warmupSteps, int totalSteps, ScheduleShape shape) implements LearningRateSchedule {
    @Override
    public double at(int step) {
        return peak * shape.factor(step);
    }
}
