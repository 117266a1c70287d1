package io.trainer4j.train;

/**
 * How a run ended.
 *
 * @param globalStep optimizer steps done
 * @param trainingLoss mean loss over those that were not skipped
 * @param runtimeSeconds wall-clock time of this process's part of the run
 * @param stopped whether a callback ended it before its last step
 * @param skippedSteps steps left out because their loss or gradient was NaN or infinite ({@code on_nan skip})
 * @param dataWaitSeconds part of the runtime in which steps waited for their rows to be read and encoded
 */
public record TrainOutput(
        int globalStep,
        double trainingLoss,
        double runtimeSeconds,
        boolean stopped,
        int skippedSteps,
        double dataWaitSeconds) {}
