package io.trainer4j.train;

/**
 * How a run ended.
 *
 * @param globalStep optimizer steps done
 * @param trainingLoss mean loss over all of them
 * @param runtimeSeconds wall-clock time of this process's part of the run
 * @param stopped whether a callback ended it before its last step
 */
public record TrainOutput(int globalStep, double trainingLoss, double runtimeSeconds, boolean stopped) {}
