package io.trainer4j.train;

import java.util.LinkedHashMap;
import java.util.Map;

/** Adds rows to {@code log_history} in Hugging Face's form and tells the callbacks. */
final class RunLog {
    private final TrainingArguments arguments;
    private final TrainerState state;
    private final Callbacks callbacks;

    RunLog(TrainingSetup setup, TrainerState state) {
        arguments = setup.arguments();
        callbacks = setup.callbacks();
        this.state = state;
    }

    /** Adds a row of figures, completed with epoch and step. */
    void add(Map<String, ?> figures) {
        Map<String, Object> row = new LinkedHashMap<>(figures);
        if (arguments.includeNumInputTokensSeen() != TokenCount.NO) {
            row.put("num_input_tokens_seen", state.numInputTokensSeen);
        }
        row.put("epoch", state.epoch);
        row.put("step", state.globalStep);
        state.log(row);
        callbacks.tell(new TrainingEvent.Log(row));
    }

    /**
     * The row that ends a run; {@code speed_metrics} in transformers/trainer_utils.py.
     *
     * @param memory further figures
     */
    void addSummary(TrainOutput output, StepPlan plan, int startStep, Map<String, Double> memory) {
        Map<String, Object> row = new LinkedHashMap<>();
        double effectiveBatch = plan.batchSize() * (double) arguments.gradientAccumulationSteps();
        double rows = arguments.maxSteps() > 0
                ? effectiveBatch * plan.totalSteps()
                : plan.rows() * arguments.numTrainEpochs();
        row.put("train_runtime", output.runtimeSeconds());
        row.put("train_samples_per_second", rows / output.runtimeSeconds());
        row.put("train_steps_per_second", (output.globalStep() - startStep) / output.runtimeSeconds());
        row.put("total_flos", state.totalFlos);
        row.put("train_loss", output.trainingLoss());
        if (output.skippedSteps() > 0) {
            row.put("skipped_steps", output.skippedSteps());
        }
        row.putAll(memory);
        add(row);
    }
}
