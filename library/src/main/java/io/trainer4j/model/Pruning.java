package io.trainer4j.model;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import io.trainer4j.tensor.Engine;
import io.trainer4j.tensor.Scope;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Writes a causal language model with less in it: whole layers, attention heads and MLP channels removed, and the smallest
 * weights of its linear layers set to zero. Types of weights stay. Parts are removed from Llama, Mistral, Qwen2 and Qwen3
 * models, where {@code config.json} describes what is left; zeros are made in any decoder.
 *
 * <p>Parts are chosen by what they do on calibration rows, all from one run of the whole model: a layer by the mean cosine
 * of a token's vector before and after it (as <a href="https://arxiv.org/abs/2403.03853">ShortGPT</a>), an MLP channel by
 * the norm of its activations times that of its weights in {@code down_proj} (as <a
 * href="https://arxiv.org/abs/2306.11695">Wanda</a>, for whole columns), a head by the same over its part of {@code o_proj}.
 */
public final class Pruning {
    private final PruningOptions options;

    /**
     * Chooses what is taken away.
     *
     * @throws UsageException if the options ask for nothing or contradict each other
     */
    public Pruning(PruningOptions options) {
        options.validate();
        this.options = options;
    }

    /**
     * Checks that a folder's model can be pruned so, without reading its weights.
     *
     * @throws UsageException naming what its family or shape does not allow
     * @throws io.trainer4j.TrainerException if there is no causal language model
     */
    public void check(Path folder) {
        choice(model(ModelConfig.read(folder)));
    }

    /** As {@link #run(Path, Iterable, Path)}, where no parts are removed. */
    public void run(Path folder, Path output) {
        run(folder, List.of(), output);
    }

    /**
     * Prunes a folder's model.
     *
     * @param folder a causal language model that is not quantized
     * @param calibration rows of token ids that tell which parts count least; not read where no parts are removed
     * @param output receives {@code config.json}, {@code generation_config.json} and the weights
     * @return the numbers of the removed layers, the lowest being 0
     * @throws UsageException naming what the model's family or shape does not allow
     * @throws io.trainer4j.TrainerException naming the file or tensor that is missing, broken or cannot be written
     */
    public List<Integer> run(Path folder, Iterable<int[]> calibration, Path output) {
        Engine.load();
        ModelConfig config = ModelConfig.read(folder);
        CausalBackbone decoder = model(config);
        PartChoice choice = choice(decoder);
        try (WeightFiles files = WeightFiles.open(folder, decoder.prefix());
                Scope scope = Scope.open()) {
            ModelConfig tying = TiedEmbedding.asStored(config, decoder, files);
            files.check(
                    CausalLM.parameters(tying, decoder),
                    name -> false,
                    name -> !name.startsWith(decoder.prefix()) || decoder.isUnused(name));
            RemainingParts parts =
                    choice == null ? null : choice.remaining(calibrated(folder, calibration), files::load);
            ModelConfig smaller = parts == null ? tying : parts.config(tying);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (ParameterSpec spec : CausalLM.parameters(smaller, Families.decoder(smaller))) {
                tensors.put(spec.name(), pruned(spec, parts, files));
            }
            new WeightShards(tensors, null, PretrainedModel.DEFAULT_SHARD_BYTES).save(output);
            AtomicFile.writeString(
                    output.resolve("config.json"),
                    smaller.toJson(
                            decoder.architecture(Task.CAUSAL_LM), typeName(files.type(decoder.embeddingName()))));
            AtomicFile.writeString(
                    output.resolve(GenerationFile.NAME),
                    GenerationFile.read(folder, config).text());
            return parts == null ? List.of() : parts.removedLayers(decoder.layerCount());
        }
    }

    private static CausalBackbone model(ModelConfig config) {
        if (config.json().path("quantization_config").isObject()) {
            throw new UsageException(config.source() + " describes quantized weights; prune the original model, and"
                    + " quantize the result.");
        }
        return Families.decoder(config);
    }

    /** Null where no parts are removed. */
    private PartChoice choice(CausalBackbone model) {
        if (!options.removesParts()) {
            return null;
        }
        if (model instanceof Decoder decoder) {
            return new PartChoice(options, decoder.config());
        }
        throw new UsageException(
                "Layers, heads and channels are removed from Llama, Mistral, Qwen2 and Qwen3 models only,"
                        + " not from " + model.architecture(Task.CAUSAL_LM)
                        + "; leave layers, attention_heads, key_value_heads"
                        + " and mlp_channels out and give sparsity or pattern.");
    }

    private static Calibration calibrated(Path folder, Iterable<int[]> rows) {
        LoadOptions asStored = new LoadOptions().dtype(LoadOptions.Dtype.AUTO);
        try (CausalLM model = AutoModelForCausalLM.fromPretrained(folder, asStored)) {
            return Calibration.of(model, rows);
        }
    }

    private Tensor pruned(ParameterSpec spec, RemainingParts parts, WeightFiles files) {
        try (Scope scope = Scope.open()) {
            String before = parts == null ? spec.name() : parts.nameBefore(spec.name());
            Tensor whole = files.load(before, files.type(before));
            Tensor tensor = parts == null ? whole : parts.of(spec.name(), whole);
            if (spec.role() == ParameterSpec.Role.LINEAR || spec.role() == ParameterSpec.Role.CONV1D) {
                if (options.sparsity() != null) {
                    SmallestWeights.clear(tensor, options.sparsity());
                } else if (options.pattern() != null) {
                    SmallestWeights.clearTwoOfFour(spec.name(), WeightForm.oriented(spec, tensor));
                }
            }
            return scope.keep(tensor);
        }
    }

    private static String typeName(ScalarType type) {
        return switch (type) {
            case BFloat16 -> PretrainedModel.DType.BFLOAT16.hubName();
            case Half -> PretrainedModel.DType.FLOAT16.hubName();
            default -> PretrainedModel.DType.FLOAT32.hubName();
        };
    }
}
