package io.trainer4j.model;

import io.trainer4j.AtomicFile;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A network with its head and its weights, loaded from and saved to a Hugging Face folder. It owns its tensors until
 * {@link #close}. Weights are computed with in 32-bit floats whatever their type in the file. Not thread-safe.
 */
public abstract sealed class PretrainedModel implements AutoCloseable permits CausalLM, SequenceClassifier {
    private final ModelConfig config;
    private final Backbone backbone;
    private final Parameters parameters;
    private final List<ParameterSpec> specs;

    /**
     * Loads or initialises.
     *
     * @param head what the head adds to the backbone's parameters
     * @param files weights, or null for a new model drawn from the default random stream
     */
    PretrainedModel(ModelConfig config, Backbone backbone, List<ParameterSpec> head, WeightFiles files) {
        this.config = config;
        this.backbone = backbone;
        specs = new ArrayList<>(backbone.parameters());
        specs.addAll(head);
        if (files != null) {
            files.check(specs, headMayBeNew(head), PretrainedModel::belongsToAnotherHead);
        }
        parameters =
                Parameters.create(specs, backbone.initializerRange(), name -> files == null ? null : files.load(name));
        backbone.bind(parameters);
    }

    /** Which of the head's parameters, and of the pooler that pretraining may leave out, are initialised when absent. */
    abstract Predicate<String> headMayBeNew(List<ParameterSpec> head);

    private static boolean belongsToAnotherHead(String name) {
        return name.startsWith("lm_head.")
                || name.startsWith("cls.")
                || name.startsWith("score.")
                || name.startsWith("classifier.")
                || name.endsWith(".position_ids")
                || name.endsWith("rotary_emb.inv_freq")
                || name.startsWith("bert.pooler.");
    }

    /** What {@code config.json} says, including what this version does not use. */
    public ModelConfig config() {
        return config;
    }

    /** The weights. */
    public Parameters parameters() {
        return parameters;
    }

    /** Puts noise of this strength on token embeddings in {@link Mode#TRAIN}, as {@code neftune_noise_alpha}; 0 for none. */
    public void embeddingNoise(double alpha) {
        backbone.embeddingNoise().alpha(alpha);
    }

    Backbone backbone() {
        return backbone;
    }

    /** Number of token ids the model can embed. */
    public int vocabSize() {
        return backbone.vocabSize();
    }

    /** Size of the vector that stands for a token. */
    public int hiddenSize() {
        return backbone.hiddenSize();
    }

    /**
     * Runs network and head.
     *
     * @return scores before softmax, belonging to the innermost open scope: {@code [batch, length, vocabulary]} for a
     *     causal language model, {@code [batch, labels]} for a classifier
     */
    public abstract Tensor logits(ModelInput input, Mode mode);

    /** The name of the equivalent class in Python, such as {@code Qwen2ForCausalLM}. */
    abstract String architecture();

    /**
     * Replaces all weights with those of a folder saved from the same model.
     *
     * @throws io.trainer4j.TrainerException listing the tensors that are missing or do not fit
     */
    public void loadWeights(Path folder) {
        try (WeightFiles files = WeightFiles.open(folder, backbone.prefix())) {
            files.check(specs, name -> false, name -> false);
            parameters.copyFrom(files::load);
        }
    }

    /** Saves in 32-bit floats; see {@link #savePretrained(Path, DType)}. */
    public void savePretrained(Path folder) {
        savePretrained(folder, DType.FLOAT32);
    }

    /**
     * Writes {@code config.json} and {@code model.safetensors} so that Python's {@code from_pretrained} opens the folder.
     * Tied weights are written once. Other files in the folder stay; each file is replaced as a whole or not at all.
     *
     * @throws io.trainer4j.TrainerException when the disk is full or the folder not writable
     */
    public void savePretrained(Path folder, DType dtype) {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> saved = new LinkedHashMap<>();
            parameters
                    .asMap()
                    .forEach((name, tensor) -> saved.put(name, tensor.detach().to(dtype.scalarType)));
            AtomicFile.write(folder.resolve(WeightFiles.SINGLE), file -> SafetensorsFile.write(file, saved));
        }
        AtomicFile.writeString(folder.resolve("config.json"), config.toJson(architecture(), dtype.hubName()));
    }

    /** Number format of saved weights. */
    public enum DType {
        FLOAT32(ScalarType.Float),
        BFLOAT16(ScalarType.BFloat16),
        FLOAT16(ScalarType.Half);

        private final ScalarType scalarType;

        DType(ScalarType scalarType) {
            this.scalarType = scalarType;
        }

        String hubName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @Override
    public void close() {
        parameters.close();
    }
}
