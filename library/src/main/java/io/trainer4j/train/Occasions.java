package io.trainer4j.train;

/** How often a run evaluates and saves, as {@link DefaultFlow} does. */
final class Occasions {
    private Occasions() {}

    /**
     * Evaluations of a run.
     *
     * @param done steps that were made before
     * @param atEnd whether one follows after training where the last step had none
     */
    static long evaluations(TrainingArguments arguments, StepPlan plan, int done, boolean atEnd) {
        long during = switch (arguments.evalStrategy()) {
            case NO -> 0;
            case EPOCH -> epochs(plan, done);
            case STEPS -> every(arguments.evalStepsOf(plan.totalSteps()), plan, done);
        };
        boolean endsWithOne = during > 0 && !arguments.loadBestModelAtEnd();
        boolean beginsWithOne = arguments.evalOnStart() && done == 0;
        return during + (beginsWithOne ? 1 : 0) + (atEnd && !endsWithOne ? 1 : 0);
    }

    /** Checkpoints of a run; those that only the best evaluations cause count as none. */
    static long saves(TrainingArguments arguments, StepPlan plan, int done) {
        return switch (arguments.saveStrategy()) {
            case NO, BEST -> 0;
            case EPOCH -> epochs(plan, done);
            case STEPS -> every(arguments.saveStepsOf(plan.totalSteps()), plan, done);
        };
    }

    private static long epochs(StepPlan plan, int done) {
        return Math.max(0, plan.epochs() - done / plan.stepsPerEpoch());
    }

    /** Once every so many steps, and after the last. */
    private static long every(int steps, StepPlan plan, int done) {
        return done >= plan.totalSteps() ? 0 : (plan.totalSteps() + steps - 1L) / steps - done / steps;
    }
}
