package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.model.ModelInput;
import io.trainer4j.tensor.Engine;
import java.util.Arrays;
import java.util.function.Consumer;

/** Finds out, by trying, which part of a batch would have fitted, and says so. */
final class OutOfMemory {
    private OutOfMemory() {}

    /**
     * Explains a failed batch.
     *
     * @param attempt runs a smaller batch forward and backward and forgets the result
     * @return the failure to throw: the original one if it was not for lack of memory
     */
    static RuntimeException explain(
            Throwable error, int step, MiniBatch batch, TrainingArguments arguments, Consumer<MiniBatch> attempt) {
        if (!Engine.isOutOfMemory(error)) {
            return error instanceof RuntimeException runtime ? runtime : new IllegalStateException(error);
        }
        int fits = batch.rows() / 2;
        while (fits > 0 && !succeeds(attempt, firstRows(batch, fits))) {
            fits /= 2;
        }
        String problem = "Step %d ran out of memory with %d rows of %d tokens; "
                .formatted(step, batch.rows(), batch.input().length());
        if (fits == 0) {
            return new TrainerException(
                    problem + "not even one row fits: lower --max-length or use a smaller model.", error);
        }
        int batchSize = arguments.perDeviceTrainBatchSize();
        int part = largestDivisor(batchSize, fits);
        return new TrainerException(
                problem
                        + "%d rows fit: --per-device-train-batch-size %d --gradient-accumulation-steps %d keeps the effective batch."
                                .formatted(fits, part, batchSize / part * arguments.gradientAccumulationSteps()),
                error);
    }

    private static int largestDivisor(int number, int limit) {
        int divisor = limit;
        while (number % divisor != 0) {
            divisor--;
        }
        return divisor;
    }

    private static boolean succeeds(Consumer<MiniBatch> attempt, MiniBatch part) {
        try {
            attempt.accept(part);
            return true;
        } catch (RuntimeException | OutOfMemoryError e) {
            if (Engine.isOutOfMemory(e)) {
                return false;
            }
            throw e;
        }
    }

    private static MiniBatch firstRows(MiniBatch batch, int rows) {
        ModelInput input = batch.input();
        return new MiniBatch(
                new ModelInput(
                        Arrays.copyOf(input.inputIds(), rows),
                        Arrays.copyOf(input.attentionMask(), rows),
                        input.tokenTypeIds() == null ? null : Arrays.copyOf(input.tokenTypeIds(), rows)),
                Arrays.copyOf(batch.labels(), rows),
                batch.values() == null ? null : Arrays.copyOf(batch.values(), rows));
    }
}
