package io.trainer4j.train;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a run remembers of its past steps, so that the next log and the next end of an epoch come out right. */
final class Progress {
    private double totalLoss;
    private double lossSinceLog;
    private double gradNorm;
    private int stepsSinceLog;
    private int lastEpochEnd;
    private Map<String, Double> schedule = Map.of();
    private int skippedSteps;
    private Map<String, Double> scaler = Map.of();
    private int overflowedSteps;
    private boolean lastOverflowed;
    private int[] order = {};

    static Progress of(JsonNode json) {
        Progress progress = new Progress();
        progress.totalLoss = json.required("total_loss").asDouble();
        progress.lossSinceLog = json.required("loss_since_log").asDouble();
        progress.gradNorm = json.required("grad_norm").asDouble();
        progress.stepsSinceLog = json.required("steps_since_log").asInt();
        progress.lastEpochEnd = json.required("last_epoch_end").asInt();
        progress.schedule = numbers(json.path("schedule"));
        progress.scaler = numbers(json.path("scaler"));
        progress.overflowedSteps = json.path("overflowed_steps").asInt(0);
        progress.skippedSteps = json.required("skipped_steps").asInt();
        progress.order =
                json.path("order").valueStream().mapToInt(JsonNode::asInt).toArray();
        return progress;
    }

    private static Map<String, Double> numbers(JsonNode json) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        json.forEachEntry((name, value) -> numbers.put(name, value.asDouble()));
        return numbers;
    }

    Map<String, Object> toMap() {
        return Map.of(
                "total_loss", totalLoss,
                "loss_since_log", lossSinceLog,
                "grad_norm", gradNorm,
                "steps_since_log", stepsSinceLog,
                "last_epoch_end", lastEpochEnd,
                "schedule", schedule,
                "skipped_steps", skippedSteps,
                "scaler", scaler,
                "overflowed_steps", overflowedSteps,
                "order", order);
    }

    /** What the learning rate's schedule remembers of evaluations. */
    Map<String, Double> schedule() {
        return schedule;
    }

    void schedule(Map<String, Double> state) {
        schedule = state;
    }

    /** What the {@link GradScaler} remembers. */
    Map<String, Double> scaler() {
        return scaler;
    }

    void scaler(Map<String, Double> state) {
        scaler = state;
    }

    /** The rows of the epoch that was begun, where its order cannot be drawn again; else empty. */
    int[] order() {
        return order;
    }

    void order(int[] rows) {
        order = rows;
    }

    /** What transformers logs in place of a batch's loss that is not a number: the mean so far since the last log. */
    double replacement(double lossOfStep) {
        return (lossSinceLog + lossOfStep) / (1 + stepsSinceLog);
    }

    void addStep(double loss, double norm) {
        totalLoss += loss;
        lossSinceLog += loss;
        gradNorm = norm;
        stepsSinceLog++;
        lastOverflowed = false;
    }

    /** A step whose scaled gradients overflowed: it has a loss, but moved neither the weights nor the learning rate. */
    void overflow(double loss) {
        totalLoss += loss;
        lossSinceLog += loss;
        stepsSinceLog++;
        overflowedSteps++;
        lastOverflowed = true;
    }

    /**
     * Steps of the learning rate's schedule: those that overflowed leave it where it is.
     *
     * @param step number of steps of the run
     */
    int scheduled(int step) {
        return step - overflowedSteps;
    }

    /** The place in the schedule that the last step took its learning rate from, after as many steps of the run. */
    int lastScheduled(int step) {
        return scheduled(step) - (lastOverflowed ? 0 : 1);
    }

    /** A step that left no loss and did not move the weights. */
    void skipStep() {
        skippedSteps++;
        lastOverflowed = false;
    }

    int skippedSteps() {
        return skippedSteps;
    }

    /** The global gradient norm of the last step, before clipping. */
    double gradNorm() {
        return gradNorm;
    }

    boolean hasUnlogged() {
        return stepsSinceLog > 0;
    }

    /** The mean since the last call, which is thereby logged. */
    double takeMeanLoss() {
        double mean = lossSinceLog / stepsSinceLog;
        lossSinceLog = 0;
        stepsSinceLog = 0;
        return mean;
    }

    /** The mean of the steps that were not skipped. */
    double meanLoss(int steps) {
        int counted = steps - skippedSteps;
        return counted == 0 ? 0 : totalLoss / counted;
    }

    void endEpoch(int step) {
        lastEpochEnd = step;
    }

    /** Whether what is due at the end of an epoch was done after this step. */
    boolean endedEpochAt(int step) {
        return lastEpochEnd == step;
    }
}
