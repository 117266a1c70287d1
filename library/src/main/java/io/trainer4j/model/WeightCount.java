package io.trainer4j.model;

import io.trainer4j.tensor.Engine;
import io.trainer4j.tensor.Scope;
import java.nio.file.Path;
import org.bytedeco.pytorch.Tensor;

/**
 * How many weights a model's files hold, tied ones once.
 *
 * @param parameters all of them
 * @param nonZero those that are not 0
 */
public record WeightCount(long parameters, long nonZero) {
    /**
     * Counts a causal language model that is not quantized, one tensor after the other.
     *
     * @throws io.trainer4j.TrainerException naming the file that is missing or broken
     */
    public static WeightCount of(Path folder) {
        Engine.load();
        ModelConfig config = ModelConfig.read(folder);
        CausalBackbone decoder = Families.decoder(config);
        long parameters = 0;
        long nonZero = 0;
        try (WeightFiles files = WeightFiles.open(folder, decoder.prefix())) {
            ModelConfig tying = TiedEmbedding.asStored(config, decoder, files);
            for (ParameterSpec spec : CausalLM.parameters(tying, decoder)) {
                try (Scope scope = Scope.open()) {
                    Tensor tensor = files.load(spec.name(), files.type(spec.name()));
                    parameters += tensor.numel();
                    nonZero += tensor.count_nonzero().item_long();
                }
            }
        }
        return new WeightCount(parameters, nonZero);
    }

    /** Share of the weights that are not 0. */
    public double nonZeroShare() {
        return (double) nonZero / parameters;
    }
}
