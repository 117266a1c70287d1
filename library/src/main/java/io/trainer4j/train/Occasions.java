package io.trainer4j.train;

/** How often a run evaluates and saves, as {@link DefaultFlow} does. */
final class Occasions {
    private Occasions() {}

    /**
     * Evaluations of a run.
     *
     * @param atEnd whether one follows after training where the last step had none
     */
    static long evaluations(TrainingArguments arguments, StepPlan plan, boolean atEnd) {
        long during = switch (arguments.evalStrategy()) {
            case NO -> 0;
            case EPOCH -> plan.epochs();
            case STEPS -> every(arguments.evalStepsOf(plan.totalSteps()), plan);
        };
        boolean endsWithOne = during > 0 && !arguments.loadBestModelAtEnd();
        return during + (arguments.evalOnStart() ? 1 : 0) + (atEnd && !endsWithOne ? 1 : 0);
    }

    /** Checkpoints of a run; those that only the best evaluations cause count as none. */
    static long saves(TrainingArguments arguments, StepPlan plan) {
        return switch (arguments.saveStrategy()) {
            case NO, BEST -> 0;
            case EPOCH -> plan.epochs();
            case STEPS -> every(arguments.saveStepsOf(plan.totalSteps()), plan);
        };
    }

    /** Once every so many steps, and after the last. */
    private static long every(int steps, StepPlan plan) {
        return (plan.totalSteps() + steps - 1L) / steps;
    }
}
