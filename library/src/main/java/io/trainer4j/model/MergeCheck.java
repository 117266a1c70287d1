package io.trainer4j.model;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.pytorch.NoGradGuard;

/** Whether a model gives the same scores before and after its weights are changed. */
record MergeCheck(PretrainedModel model) {
    private static final int ROWS = 4;
    private static final int LENGTH = 16;

    /**
     * Runs the change and measures what it changed.
     *
     * @param tolerance largest difference, relative to the largest score where that is above 1
     * @return the largest difference
     * @throws TrainerException if it is larger
     */
    double run(Runnable change, double tolerance) {
        float[] before = scores();
        change.run();
        float[] after = scores();
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < before.length; i++) {
            largest = Math.max(largest, Math.abs(before[i]));
            double changed = Math.abs((double) after[i] - before[i]);
            difference = changed <= difference ? difference : changed; // not a number counts as changed
        }
        if (!(difference <= tolerance * Math.max(1, largest))) {
            throw new TrainerException(
                    "The merged weights give scores that differ from the adapter's by %.3g (scores go up to %.3g), more than the %.0e allowed; nothing is saved. Keep the adapter as it is, or lower its alpha."
                            .formatted(difference, largest, tolerance));
        }
        return difference;
    }

    private float[] scores() {
        int length = Math.min(LENGTH, model.config().maxPositions());
        int[][] ids = new int[ROWS][length];
        for (int row = 0; row < ROWS; row++) {
            for (int t = 0; t < length; t++) {
                ids[row][t] = (int) ((row * 7919L + t * 104_729L + 17) % model.vocabSize());
            }
        }
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            return TensorData.toFloats(model.logits(ModelInput.of(ids), Mode.EVAL));
        }
    }
}
