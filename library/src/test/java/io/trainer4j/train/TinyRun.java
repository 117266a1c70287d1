package io.trainer4j.train;

import io.trainer4j.data.Dataset;
import io.trainer4j.model.CausalLM;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** One finished run of a tiny language model: what it logged, told and left as weights. */
record TinyRun(
        List<Map<String, Object>> log, List<TrainingEvent> events, Map<String, float[]> weights, TrainerState state) {
    static final Dataset TRAIN = TinyModels.sentences(10);
    static final Dataset EVAL = TinyModels.sentences(5);

    static TinyRun of(TrainingArguments arguments, TrainerCallback... callbacks) {
        return of(1, arguments, builder -> builder, callbacks);
    }

    /**
     * Trains a new model to the end.
     *
     * @param modelSeed of its first weights
     */
    static TinyRun of(
            long modelSeed,
            TrainingArguments arguments,
            UnaryOperator<Trainer.Builder> change,
            TrainerCallback... callbacks) {
        try (CausalLM model = TinyModels.causalLM(modelSeed, json -> json.put("attention_dropout", 0.3))) {
            List<TrainingEvent> events = new ArrayList<>();
            Trainer.Builder builder = Trainer.builder(model, arguments)
                    .trainDataset(TRAIN)
                    .evalDataset(EVAL)
                    .callback(event -> {
                        events.add(event);
                        return TrainerCallback.Decision.CONTINUE;
                    });
            for (TrainerCallback callback : callbacks) {
                builder.callback(callback);
            }
            Trainer trainer = change.apply(builder).build();
            trainer.train();
            return new TinyRun(trainer.state().logHistory(), events, TinyModels.weights(model), trainer.state());
        }
    }

    /** Batches of 4: three steps in an epoch of the 10 rows. */
    static TrainingArguments arguments(Path out) {
        return TrainingArguments.of(out.toString()).perDeviceTrainBatchSize(4).learningRate(1e-2);
    }

    /** The log without what a clock measured. */
    List<Map<String, Object>> logWithoutTimes() {
        return log.stream()
                .map(row -> {
                    Map<String, Object> kept = new LinkedHashMap<>(row);
                    kept.keySet().removeIf(name -> name.endsWith("_runtime") || name.endsWith("_per_second"));
                    return kept;
                })
                .toList();
    }

    /** What the user was told besides. */
    List<String> warnings() {
        return events.stream()
                .filter(TrainingEvent.Warning.class::isInstance)
                .map(event -> ((TrainingEvent.Warning) event).message())
                .toList();
    }

    /** The steps' losses in order. */
    List<Double> losses() {
        return events.stream()
                .filter(TrainingEvent.StepEnd.class::isInstance)
                .map(event -> ((TrainingEvent.StepEnd) event).loss())
                .toList();
    }

    /** The events' Python names in order, with the number of each step. */
    String eventNames() {
        List<String> names = new ArrayList<>();
        for (TrainingEvent event : events) {
            names.add(
                    event instanceof TrainingEvent.StepEnd step
                            ? "step" + step.step()
                            : event.getClass().getSimpleName());
        }
        return String.join(" ", names);
    }
}
