package io.trainer4j.model;

import io.trainer4j.TrainerException;
import io.trainer4j.hub.ModelFolder;
import io.trainer4j.hub.ModelPart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** A folder with an adapter, as {@code save_pretrained} of PEFT leaves it, and the model it belongs to. */
public final class AdapterFolder {
    private AdapterFolder() {}

    /** Whether the folder holds {@code adapter_config.json}. */
    public static boolean isAdapter(Path folder) {
        return AdapterFiles.isIn(folder);
    }

    /**
     * The model the adapter was trained on: a folder, or a name on the Hub. A folder that is not where the configuration
     * says is looked for beside the adapter.
     *
     * @throws TrainerException if the configuration names none
     */
    public static String baseModel(Path folder) {
        String name = AdapterConfig.read(folder).baseModelNameOrPath();
        if (name == null || name.isBlank()) {
            throw new TrainerException(folder.resolve(AdapterFiles.CONFIG)
                    + " names no base_model_name_or_path; say which model it belongs to: --model BASE --adapter "
                    + folder);
        }
        Path beside = folder.resolve(name);
        return !Files.isDirectory(Path.of(name)) && Files.isDirectory(beside) ? beside.toString() : name;
    }

    /** Whether the adapter is of a classifier. */
    public static boolean isClassifier(Path folder) {
        return "SEQ_CLS".equals(taskType(folder));
    }

    /** Whether the adapter is of a language model that predicts the next token. */
    public static boolean isCausal(Path folder) {
        return "CAUSAL_LM".equals(taskType(folder));
    }

    private static String taskType(Path folder) {
        return JsonFile.read(folder.resolve(AdapterFiles.CONFIG))
                .path("task_type")
                .asString("");
    }

    /**
     * The base model's configuration with the classes of the adapter's head, for an adapter of a classifier: those of the
     * adapter's own {@code config.json} where it has one, else as many as its head gives scores.
     */
    public static ModelConfig config(Path folder, ModelConfig base) {
        if (!isClassifier(folder)) {
            return base;
        }
        if (Files.exists(folder.resolve("config.json"))) {
            ModelConfig own = ModelConfig.read(folder);
            return base.withLabels(own.labels()).withProblemType(own.problemType());
        }
        Map<String, long[]> shapes = AdapterFiles.shapes(folder);
        for (String head : new String[] {"score.weight", "classifier.weight", "classifier.out_proj.weight"}) {
            if (shapes.containsKey(head)) {
                int labels = (int) shapes.get(head)[0];
                return labels == base.numLabels()
                        ? base
                        : base.withLabels(IntStream.range(0, labels)
                                .mapToObj(i -> "LABEL_" + i)
                                .toList());
            }
        }
        return base;
    }

    /** Opens the base model and puts the adapter on it. */
    static <M extends PretrainedModel> M open(Path folder, BiFunction<Path, ModelConfig, M> base) {
        Path baseFolder = ModelFolder.of(baseModel(folder), ModelPart.WEIGHTS);
        M model = base.apply(baseFolder, config(folder, ModelConfig.read(baseFolder)));
        try {
            PeftModel.fromPretrained(model, folder);
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }
}
