package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.model.ModelInput;
import io.trainer4j.tensor.Engine;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Finds out, by trying, which part of a batch would have fitted, and says so. */
final class OutOfMemory {
    private OutOfMemory() {}

    /**
     * Explains a failed batch.
     *
     * @param what failed, such as {@code Step 7}
     * @param advice options that help where so many rows fit
     * @param attempt runs a smaller batch and forgets the result
     * @return the failure to throw: the original one if it was not for lack of memory
     */
    static RuntimeException explain(
            Throwable error, String what, MiniBatch batch, IntFunction<String> advice, Consumer<MiniBatch> attempt) {
        if (!Engine.isOutOfMemory(error)) {
            return unchecked(error);
        }
        int fits = batch.rows() / 2;
        while (fits > 0 && !succeeds(attempt, firstRows(batch, fits))) {
            fits /= 2;
        }
        String problem = "%s ran out of memory with %d rows of %d tokens; "
                .formatted(what, batch.rows(), batch.input().length());
        return new TrainerException(
                problem
                        + (fits == 0
                                ? "not even one row fits: lower --max-length or use a smaller model."
                                : fits + " rows fit: " + advice.apply(fits)),
                error);
    }

    /** An error as one that need not be declared. */
    static RuntimeException unchecked(Throwable error) {
        return error instanceof RuntimeException runtime ? runtime : new IllegalStateException(error);
    }

    /** Options under which {@code fits} rows at once make the same effective batch. */
    static String trainingAdvice(int fits, int batchSize, int accumulation) {
        int part = largestDivisor(batchSize, fits);
        return ("--per-device-train-batch-size %d --gradient-accumulation-steps %d keeps the effective batch,"
                        + " as --auto-find-batch-size does by itself.")
                .formatted(part, batchSize / part * accumulation);
    }

    /** Options under which evaluation takes {@code fits} rows at once. */
    static String evaluationAdvice(int fits) {
        return "--per-device-eval-batch-size " + fits + " measures the same rows.";
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
