package io.trainer4j.train;

import io.trainer4j.UsageException;
import java.util.Map;

/**
 * Ends a run whose {@code metric_for_best_model} no longer improves, as {@code EarlyStoppingCallback} in
 * transformers/trainer_callback.py. How long it has waited is kept in checkpoints and goes on after a resume. For one run
 * at a time.
 */
public final class EarlyStoppingCallback implements TrainerCallback {
    private static final String NAME = "EarlyStoppingCallback";
    private static final String COUNTER = "early_stopping_patience_counter";

    private final int patience;
    private final double threshold;
    private TrainingArguments arguments;
    private TrainerState state;
    private int counter;

    /** With no threshold: any improvement counts. */
    public EarlyStoppingCallback(int patience) {
        this(patience, 0);
    }

    /**
     * @param patience evaluations in a row without improvement after which the run ends; at least 1
     * @param threshold how much the metric must differ from the best to be an improvement; at least 0
     */
    public EarlyStoppingCallback(int patience, double threshold) {
        if (patience < 1 || !(threshold >= 0)) {
            throw new UsageException("Early stopping needs a patience of at least 1 and a threshold of at least 0, not "
                    + patience + " and " + threshold + ".");
        }
        this.patience = patience;
        this.threshold = threshold;
    }

    /**
     * Takes up the count of the checkpoint that is resumed.
     *
     * @throws UsageException if nothing is evaluated or no metric named
     */
    void begin(TrainingArguments runArguments, TrainerState runState) {
        if (runArguments.bestMetric().isEmpty() || runArguments.evalStrategy() == IntervalStrategy.NO) {
            throw new UsageException("Early stopping needs a metric to watch and evaluations: set"
                    + " metric_for_best_model, such as loss, and eval_strategy to steps or epoch.");
        }
        arguments = runArguments;
        state = runState;
        counter = state.callbackAttribute(NAME, COUNTER);
        keep();
    }

    private void keep() {
        state.putCallback(
                NAME,
                Map.of("early_stopping_patience", patience, "early_stopping_threshold", threshold),
                Map.of(COUNTER, counter));
    }

    @Override
    public Decision on(TrainingEvent event) {
        if (!(event instanceof TrainingEvent.Evaluate evaluation) || state == null) {
            return Decision.CONTINUE;
        }
        Double value = evaluation.metrics().get(arguments.bestMetric().orElseThrow());
        if (value == null) {
            return Decision.CONTINUE; // the run itself names the metric that is not there
        }
        counter = improves(value) ? 0 : counter + 1;
        keep();
        return counter >= patience ? Decision.STOP : Decision.CONTINUE;
    }

    /** The state still has the best value of the evaluations before. */
    private boolean improves(double value) {
        Double best = state.bestMetric();
        return best == null || (arguments.isBetter(value, best) && Math.abs(value - best) > threshold);
    }
}
