package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.Scope;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;

/**
 * A step whose loss or gradient is NaN or infinite.
 *
 * @param what {@code loss} or {@code gradient norm}
 * @param rows of the training set, among which the cause is
 */
record NonFiniteStep(int step, String what, double value, int[] rows) {
    private static final int SHOWN = 20;

    /** What happened, where. */
    String problem() {
        return "The %s of step %d is %s with rows %s of the training set (the first is 0)"
                .formatted(what, step, value, list(rows));
    }

    /** The failure to end the run with; finds the cause by measuring each row alone. */
    TrainerException failure(TrainingSetup setup) {
        return new TrainerException(problem() + "; the weights are as they were before it. " + cause(setup)
                + " --on-nan skip leaves such steps out.");
    }

    private String cause(TrainingSetup setup) {
        for (Map.Entry<String, Tensor> weight :
                setup.model().parameters().trainable().entrySet()) {
            if (!isFinite(weight.getValue())) {
                return "The cause is the weight " + weight.getKey()
                        + ", which was not finite before; start from a whole model.";
            }
        }
        int[] broken =
                Arrays.stream(rows).filter(row -> !hasFiniteLoss(setup, row)).toArray();
        String lower = "lower --learning-rate (now " + setup.arguments().learningRate() + ")";
        if (broken.length == 0) {
            return "No row causes it alone, so a number grew too large on the way back: " + lower + ".";
        }
        return broken.length < rows.length
                ? "The likely cause is row " + list(broken) + ": correct or remove it."
                : "Every row causes it, so the run has diverged: " + lower + " or raise --warmup-steps.";
    }

    private static boolean isFinite(Tensor weight) {
        try (Scope scope = Scope.open()) {
            return weight.isfinite().all().item_bool();
        }
    }

    private static boolean hasFiniteLoss(TrainingSetup setup, int row) {
        MiniBatch alone = setup.rows().batch(row);
        if (setup.objective().targets(alone) == 0) {
            return true;
        }
        EvaluationSums sums = new EvaluationSums(null);
        setup.objective().evaluate(alone, sums);
        return Double.isFinite(sums.meanLossByTarget());
    }

    private static String list(int[] rows) {
        String shown =
                Arrays.stream(rows).limit(SHOWN).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return rows.length > SHOWN ? shown + " and " + (rows.length - SHOWN) + " more" : shown;
    }
}
