package io.trainer4j.train;

/**
 * The learning rate of each optimizer step (transformers/optimization.py). With warmup the first step has rate 0, and the
 * last step never reaches the schedule's end, as in Python.
 *
 * @param peak rate after warmup
 * @param warmupSteps steps in which the rate rises in a straight line
 * @param totalSteps steps of the whole run
 */
record LearningRateSchedule(SchedulerType type, double peak, int warmupSteps, int totalSteps) {
    /**
     * The rate used by a step.
     *
     * @param step number of steps already done: 0 for the first
     */
    double at(int step) {
        if (type == SchedulerType.CONSTANT) {
            return peak;
        }
        if (step < warmupSteps) {
            return peak * ((double) step / Math.max(1, warmupSteps));
        }
        double remaining = Math.max(1, totalSteps - warmupSteps);
        return peak
                * switch (type) {
                    case CONSTANT, CONSTANT_WITH_WARMUP -> 1.0;
                    case LINEAR -> Math.max(0, (totalSteps - step) / remaining);
                    case COSINE -> Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (step - warmupSteps) / remaining)));
                };
    }
}
