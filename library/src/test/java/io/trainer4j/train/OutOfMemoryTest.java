package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.model.ModelInput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutOfMemoryTest {
    private final RuntimeException noMemory =
            new IllegalStateException("DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes");

    /** The last batch of an epoch may be smaller than the batch size that the advice is about. */
    @ParameterizedTest
    @CsvSource({
        "8, 8, 1, 7, 4, 4, 2",
        "8, 8, 3, 2, 2, 2, 12",
        "8, 4, 1, 2, 2, 2, 4",
        "6, 6, 1, 3, 3, 3, 2",
        "5, 5, 1, 2, 2, 1, 5",
        "10, 10, 2, 2, 2, 2, 10"
    })
    void advisesTheSameEffectiveBatchInSmallerParts(
            int batchSize, int rows, int accumulation, int possible, int fits, int advised, int steps) {
        RuntimeException failure = explain(batchSize, rows, accumulation, failAbove(possible, new ArrayList<>()));

        assertThat(failure)
                .isInstanceOf(TrainerException.class)
                .hasCause(noMemory)
                .hasMessage(
                        "Step 7 ran out of memory with %d rows of 3 tokens; %d rows fit: --per-device-train-batch-size %d"
                                        .formatted(rows, fits, advised)
                                + " --gradient-accumulation-steps %d keeps the effective batch, as --auto-find-batch-size does by itself."
                                        .formatted(steps));
    }

    @Test
    void halvesUntilSomethingFits() {
        List<Integer> tried = new ArrayList<>();

        explain(16, 16, 1, failAbove(2, tried));

        assertThat(tried).containsExactly(8, 4, 2);
    }

    @Test
    void notEvenOneRow() {
        assertThat(explain(8, 8, 1, failAbove(0, new ArrayList<>())))
                .hasMessageContaining("not even one row fits")
                .hasMessageContaining("--max-length");
        assertThat(explain(1, 1, 1, failAbove(0, new ArrayList<>()))).hasMessageContaining("not even one row fits");
    }

    @Test
    void javaHeapCounts() {
        OutOfMemoryError error = new OutOfMemoryError("Java heap space");

        assertThat(OutOfMemory.explain(error, "Evaluation", batch(2), OutOfMemory::evaluationAdvice, part -> {}))
                .hasMessage("Evaluation ran out of memory with 2 rows of 3 tokens; 1 rows fit:"
                        + " --per-device-eval-batch-size 1 measures the same rows.")
                .hasCause(error);
    }

    @Test
    void otherFailuresStayWhatTheyAre() {
        RuntimeException other = new IllegalStateException("shape mismatch");

        assertThat(OutOfMemory.explain(other, "Step 7", batch(2), OutOfMemory::evaluationAdvice, part -> {}))
                .isSameAs(other);
        assertThatThrownBy(() -> explain(8, 8, 1, part -> {
                    throw other;
                }))
                .isSameAs(other);
    }

    private RuntimeException explain(int batchSize, int rows, int accumulation, Consumer<MiniBatch> attempt) {
        return OutOfMemory.explain(
                noMemory,
                "Step 7",
                batch(rows),
                fits -> OutOfMemory.trainingAdvice(fits, batchSize, accumulation),
                attempt);
    }

    private Consumer<MiniBatch> failAbove(int rows, List<Integer> tried) {
        return part -> {
            tried.add(part.rows());
            if (part.rows() > rows) {
                throw noMemory;
            }
        };
    }

    private static MiniBatch batch(int rows) {
        return new MiniBatch(ModelInput.of(new int[rows][3]), new int[rows][3]);
    }
}
