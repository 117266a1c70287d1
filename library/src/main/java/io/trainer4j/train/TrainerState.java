package io.trainer4j.train;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** How far a run has come; written as {@code trainer_state.json} in the layout of transformers/trainer_callback.py. */
public final class TrainerState {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS) // NaN and Infinity as Python writes and reads them
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    double epoch;
    int globalStep;
    int maxSteps;
    int loggingSteps;
    int evalSteps;
    int saveSteps;
    int trainBatchSize;
    int numTrainEpochs;
    double totalFlos;
    long numInputTokensSeen;
    Double bestMetric;
    Integer bestGlobalStep;
    String bestModelCheckpoint;
    private final List<Map<String, Object>> logHistory = new ArrayList<>();
    private final Map<String, Object> statefulCallbacks = new TreeMap<>();

    TrainerState() {}

    /** Optimizer steps done. */
    public int globalStep() {
        return globalStep;
    }

    /** Optimizer steps of the whole run. */
    public int maxSteps() {
        return maxSteps;
    }

    /** Epochs done, with the fraction of the current one. */
    public double epoch() {
        return epoch;
    }

    /** The best value of {@code metric_for_best_model} so far, or null. */
    public Double bestMetric() {
        return bestMetric;
    }

    /** The checkpoint that value belongs to, or null. */
    public String bestModelCheckpoint() {
        return bestModelCheckpoint;
    }

    /** Rows as Hugging Face names them: {@code loss, grad_norm, learning_rate, epoch, step}, {@code eval_loss, ...}. */
    public List<Map<String, Object>> logHistory() {
        return Collections.unmodifiableList(logHistory);
    }

    /** Sets what the arguments decide, for a new run or one that goes on. */
    void begin(StepPlan plan, TrainingArguments arguments) {
        maxSteps = plan.totalSteps();
        numTrainEpochs = plan.epochs();
        trainBatchSize = arguments.autoFindBatchSize() && trainBatchSize > 0
                ? Math.min(trainBatchSize, plan.batchSize())
                : plan.batchSize();
        loggingSteps = arguments.loggingStepsOf(maxSteps);
        evalSteps = arguments.evalStepsOf(maxSteps);
        saveSteps = arguments.saveStepsOf(maxSteps);
    }

    void log(Map<String, Object> row) {
        logHistory.add(Collections.unmodifiableMap(new LinkedHashMap<>(row)));
    }

    /** Remembers a callback as Python's {@code ExportableState} does. */
    void putCallback(String name, Map<String, Object> args, Map<String, Object> attributes) {
        statefulCallbacks.put(name, Map.of("args", new TreeMap<>(args), "attributes", new TreeMap<>(attributes)));
    }

    /** A remembered count, or 0. */
    int callbackAttribute(String name, String attribute) {
        return JSON.valueToTree(statefulCallbacks)
                .path(name)
                .path("attributes")
                .path(attribute)
                .asInt(0);
    }

    String toJson() {
        Map<String, Object> json = new TreeMap<>();
        json.put("epoch", epoch);
        json.put("global_step", globalStep);
        json.put("max_steps", maxSteps);
        json.put("logging_steps", loggingSteps);
        json.put("eval_steps", evalSteps);
        json.put("save_steps", saveSteps);
        json.put("train_batch_size", trainBatchSize);
        json.put("num_train_epochs", numTrainEpochs);
        json.put("num_input_tokens_seen", numInputTokensSeen);
        json.put("total_flos", totalFlos);
        json.put("log_history", logHistory.stream().map(TreeMap::new).toList());
        json.put("best_metric", bestMetric);
        json.put("best_global_step", bestGlobalStep);
        json.put("best_model_checkpoint", bestModelCheckpoint);
        json.put("is_local_process_zero", true);
        json.put("is_world_process_zero", true);
        json.put("is_hyper_param_search", false);
        json.put("trial_name", null);
        json.put("trial_params", null);
        json.put("stateful_callbacks", statefulCallbacks);
        return JSON.writeValueAsString(json) + "\n";
    }

    static TrainerState read(Path file) {
        try {
            JsonNode json = JSON.readTree(Files.readString(file));
            TrainerState state = new TrainerState();
            state.epoch = json.required("epoch").asDouble();
            state.globalStep = json.required("global_step").asInt();
            state.trainBatchSize = json.path("train_batch_size").asInt(0);
            state.totalFlos = json.required("total_flos").asDouble();
            state.numInputTokensSeen = json.path("num_input_tokens_seen").asLong(0);
            state.bestMetric = json.path("best_metric").asDoubleOpt().stream()
                    .boxed()
                    .findFirst()
                    .orElse(null);
            state.bestGlobalStep = json.path("best_global_step").asIntOpt().stream()
                    .boxed()
                    .findFirst()
                    .orElse(null);
            state.bestModelCheckpoint = json.path("best_model_checkpoint").asString(null);
            state.statefulCallbacks.putAll(
                    JSON.convertValue(json.path("stateful_callbacks"), new TypeReference<Map<String, Object>>() {}));
            for (JsonNode row : json.required("log_history")) {
                state.log(JSON.convertValue(row, new TypeReference<>() {}));
            }
            return state;
        } catch (JacksonException | IOException e) {
            throw new TrainerException(
                    file + " is not a whole trainer_state.json (" + e.getMessage()
                            + "); resume from another checkpoint.",
                    e);
        }
    }
}
