package io.trainer4j.train;

import java.util.Arrays;

/**
 * How a run divides into batches, steps and epochs (transformers/trainer.py, set_initial_training_values).
 *
 * @param rows rows of the training set
 * @param batchSize rows of one batch
 * @param batchesPerEpoch batches of one epoch, the last one perhaps smaller
 * @param stepsPerEpoch optimizer steps of one epoch; the last accumulation group is perhaps smaller
 * @param totalSteps optimizer steps of the run
 * @param epochs epochs that are begun
 */
record StepPlan(int rows, int batchSize, int batchesPerEpoch, int stepsPerEpoch, int totalSteps, int epochs) {

    static StepPlan of(int rows, TrainingArguments arguments) {
        int batchSize = arguments.perDeviceTrainBatchSize();
        int accumulated = arguments.gradientAccumulationSteps();
        boolean fullSteps = arguments.trainSamplingStrategy() == SamplingStrategy.BATCH_REBALANCE;
        int unit = fullSteps ? batchSize * accumulated : batchSize;
        int units = arguments.dataloaderDropLast() ? rows / unit : ceilDiv(rows, unit);
        int batches = fullSteps ? units * accumulated : units;
        int steps = ceilDiv(batches, accumulated);
        int total =
                arguments.maxSteps() > 0 ? arguments.maxSteps() : (int) Math.ceil(arguments.numTrainEpochs() * steps);
        int epochs = steps == 0 ? 0 : ceilDiv(total, steps);
        return new StepPlan(rows, batchSize, batches, steps, total, epochs);
    }

    private static int ceilDiv(int a, int b) {
        return (a + b - 1) / b;
    }

    /** The most rows that a batch can have. */
    int largestBatch(TrainingArguments arguments) {
        return arguments.trainSamplingStrategy() == SamplingStrategy.BATCH_REBALANCE
                ? batchSize * arguments.gradientAccumulationSteps()
                : batchSize;
    }

    /** The row numbers of one batch of an epoch's order. */
    int[] batch(int[] order, int index) {
        return Arrays.copyOfRange(order, index * batchSize, Math.min(rows, (index + 1) * batchSize));
    }
}
