package io.trainer4j.model;

import io.trainer4j.hub.ModelFolder;
import io.trainer4j.hub.ModelPart;
import io.trainer4j.tensor.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Opens models of any family with a classification head. A head that the files do not have is initialised from the default
 * random stream, see {@link PretrainedModel#newlyInitialized}; the head of another task is left out.
 */
public final class AutoModelForSequenceClassification {
    private AutoModelForSequenceClassification() {}

    /**
     * Loads a Hugging Face folder with the classes its {@code config.json} names, by default two; that of an adapter with
     * the model its {@code adapter_config.json} names, see {@link PeftModel}.
     *
     * @throws io.trainer4j.TrainerException naming the file or tensor that is missing, broken or does not fit
     */
    public static SequenceClassifier fromPretrained(Path folder) {
        return fromPretrained(folder, new LoadOptions());
    }

    /**
     * As {@link #fromPretrained(Path)}, for a folder or a model on the Hugging Face Hub, which is downloaded unless cached.
     *
     * @param reference a folder, or {@code org/name} with an optional {@code @revision}
     */
    public static SequenceClassifier fromPretrained(String reference) {
        return fromPretrained(ModelFolder.of(reference, ModelPart.WEIGHTS));
    }

    /** As {@link #fromPretrained(Path)}, with the weights of the network, not of the head, in a chosen form. */
    public static SequenceClassifier fromPretrained(Path folder, LoadOptions options) {
        return AdapterFolder.isAdapter(folder)
                ? AdapterFolder.open(folder, (base, config) -> load(base, config, options))
                : load(folder, ModelConfig.read(folder), options);
    }

    /**
     * Loads with a given number of classes, called {@code LABEL_0} and so on.
     *
     * @param numLabels number of classes; a head of another size in the files is an error that names it
     */
    public static SequenceClassifier fromPretrained(Path folder, int numLabels) {
        return fromPretrained(
                folder,
                IntStream.range(0, numLabels).mapToObj(i -> "LABEL_" + i).toList());
    }

    /** Loads with the given class names, in the order of their ids. */
    public static SequenceClassifier fromPretrained(Path folder, List<String> labels) {
        return fromPretrained(folder, labels, new LoadOptions());
    }

    /** As {@link #fromPretrained(Path, List)}, with the weights of the network, not of the head, in a chosen form. */
    public static SequenceClassifier fromPretrained(Path folder, List<String> labels, LoadOptions options) {
        return load(folder, ModelConfig.read(folder).withLabels(labels), options);
    }

    /** Loads with the given label names, in the order of their ids, and what their scores mean. */
    public static SequenceClassifier fromPretrained(Path folder, List<String> labels, ProblemType problemType) {
        return load(
                folder, ModelConfig.read(folder).withLabels(labels).withProblemType(problemType), new LoadOptions());
    }

    /** As {@link #fromPretrained(Path, List, ProblemType)}, with weights kept as asked. */
    public static SequenceClassifier fromPretrained(
            Path folder, List<String> labels, ProblemType problemType, LoadOptions options) {
        return load(folder, ModelConfig.read(folder).withLabels(labels).withProblemType(problemType), options);
    }

    /** A new model with the classes the configuration names and weights drawn from the default random stream. */
    public static SequenceClassifier fromConfig(ModelConfig config) {
        Engine.load();
        return new SequenceClassifier(config, Families.backbone(config), null);
    }

    private static SequenceClassifier load(Path folder, ModelConfig config, LoadOptions options) {
        Engine.load();
        Backbone backbone = Families.backbone(config);
        try (WeightFiles files = WeightFiles.open(folder, backbone.prefix(), options)) {
            return new SequenceClassifier(config, backbone, files);
        }
    }
}
