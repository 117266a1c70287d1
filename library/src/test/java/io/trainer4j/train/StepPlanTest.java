package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepPlanTest {
    /** Figures of set_initial_training_values in transformers/trainer.py (5.17). */
    @ParameterizedTest
    @CsvSource(textBlock = """
            # rows, batch, accumulate, epochs, maxSteps, dropLast, batches, stepsPerEpoch, total, begun
            10, 4, 1, 3,   -1, false, 3, 3, 9, 3
            10, 4, 2, 3,   -1, false, 3, 2, 6, 3
            10, 4, 1, 3,   -1, true,  2, 2, 6, 3
            10, 4, 1, 1.4, -1, false, 3, 3, 5, 2
            10, 4, 1, 0.1, -1, false, 3, 3, 1, 1
            10, 4, 1, 3,    5, false, 3, 3, 5, 2
            10, 4, 1, 3,    6, false, 3, 3, 6, 2
            10, 4, 8, 2,   -1, false, 3, 1, 2, 2
            3,  8, 1, 2,   -1, false, 1, 1, 2, 2
            3,  8, 1, 2,   -1, true,  0, 0, 0, 0
            """)
    void dividesAsTransformers(
            int rows,
            int batch,
            int accumulate,
            double epochs,
            int maxSteps,
            boolean dropLast,
            int batches,
            int stepsPerEpoch,
            int total,
            int begun) {
        StepPlan plan = StepPlan.of(
                rows,
                new TrainingArguments()
                        .perDeviceTrainBatchSize(batch)
                        .gradientAccumulationSteps(accumulate)
                        .numTrainEpochs(epochs)
                        .maxSteps(maxSteps)
                        .dataloaderDropLast(dropLast));

        assertThat(plan).isEqualTo(new StepPlan(rows, batch, batches, stepsPerEpoch, total, begun));
    }

    @Test
    void lastBatchIsWhatIsLeft() {
        StepPlan plan = StepPlan.of(5, new TrainingArguments().perDeviceTrainBatchSize(2));
        int[] order = {4, 2, 0, 1, 3};

        assertThat(plan.batch(order, 0)).containsExactly(4, 2);
        assertThat(plan.batch(order, 2)).containsExactly(3);
    }
}
