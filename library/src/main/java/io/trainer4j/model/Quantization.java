package io.trainer4j.model;

import io.trainer4j.AtomicFile;
import io.trainer4j.UsageException;
import io.trainer4j.tensor.Engine;
import io.trainer4j.tensor.GroupedMatrix;
import io.trainer4j.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Writes a causal language model with its linear layers in 8 or 4 bits, for generation. Embeddings are rounded to 16 bits,
 * norms and biases stay as they are.
 */
public final class Quantization {
    private final int bits;

    /**
     * Chooses the size.
     *
     * @param bits 8 or 4
     * @throws UsageException for another number
     */
    public Quantization(int bits) {
        if (bits != 8 && bits != 4) {
            throw new UsageException("Weights are quantized to 8 or 4 bits, not " + bits + ".");
        }
        this.bits = bits;
    }

    /**
     * Quantizes a folder's model, one tensor after the other.
     *
     * @param folder a causal language model that is not quantized yet
     * @param output receives {@code config.json}, {@code generation_config.json} and the weights
     * @throws UsageException if the model is quantized already
     * @throws io.trainer4j.TrainerException naming the file or tensor that is missing, broken or cannot be written
     */
    public void run(Path folder, Path output) {
        Engine.load();
        ModelConfig config = ModelConfig.read(folder);
        if (config.json().path("quantization_config").isObject()) {
            throw new UsageException(folder + " is quantized already; give the original model.");
        }
        CausalBackbone decoder = Families.decoder(config);
        try (WeightFiles files = WeightFiles.open(folder, decoder.prefix());
                Scope scope = Scope.open()) {
            ModelConfig tying = TiedEmbedding.asStored(config, decoder, files);
            List<ParameterSpec> specs = new ArrayList<>(decoder.parameters());
            specs.addAll(CausalLM.head(tying, decoder));
            files.check(specs, name -> false, name -> !name.startsWith(decoder.prefix()) || decoder.isUnused(name));
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            specs.forEach(spec -> tensors.putAll(tensors(spec, files)));
            new WeightShards(tensors, null, PretrainedModel.DEFAULT_SHARD_BYTES).save(output);
            AtomicFile.writeString(
                    output.resolve("config.json"),
                    PackedWeights.config(tying, bits)
                            .toJson(decoder.architecture(Task.CAUSAL_LM), PretrainedModel.DType.BFLOAT16.hubName()));
            AtomicFile.writeString(
                    output.resolve(GenerationFile.NAME),
                    GenerationFile.read(folder, config).text());
        }
    }

    private Map<String, Tensor> tensors(ParameterSpec spec, WeightFiles files) {
        try (Scope scope = Scope.open()) {
            ScalarType type = files.type(spec.name());
            boolean half = type == ScalarType.BFloat16 || type == ScalarType.Half;
            Map<String, Tensor> tensors = switch (spec.role()) {
                case LINEAR, CONV1D -> {
                    Tensor matrix = WeightForm.oriented(spec, files.load(spec.name(), type));
                    yield GroupedMatrix.fits(matrix.size(1))
                            ? packed(spec.name(), matrix)
                            : Map.of(spec.name(), files.load(spec.name(), half ? type : ScalarType.BFloat16));
                }
                case EMBEDDING -> Map.of(spec.name(), files.load(spec.name(), half ? type : ScalarType.BFloat16));
                case OTHER -> Map.of(spec.name(), files.load(spec.name(), type));
            };
            tensors.values().forEach(scope::keep);
            return tensors;
        }
    }

    private Map<String, Tensor> packed(String name, Tensor matrix) {
        try (Scope scope = Scope.open();
                GroupedMatrix quantized = GroupedMatrix.of(matrix, bits)) {
            Map<String, Tensor> tensors = PackedWeights.tensors(name, quantized);
            tensors.replaceAll((key, tensor) -> scope.keep(new Tensor(tensor)));
            return tensors;
        }
    }
}
