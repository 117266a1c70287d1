package io.trainer4j.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A network from token ids to one vector per token, without a head. One family, one file. */
interface Backbone {
    /** The tensors this network needs, named and ordered as in Python. */
    List<ParameterSpec> parameters();

    /** Takes the tensors declared by {@link #parameters} for use. */
    void bind(Parameters parameters);

    /** What the parameter names start with, such as {@code model.}; files of headless models leave it out. */
    String prefix();

    /** Size of a token's vector. */
    int hiddenSize();

    /** Number of token ids that can be embedded. */
    int vocabSize();

    /** The noise put on token embeddings while training. */
    EmbeddingNoise embeddingNoise();

    /** Standard deviation of freshly initialised weights. */
    double initializerRange();

    /**
     * Runs the network.
     *
     * @param input the batch; its positions continue those of {@code cache}
     * @param cache what was computed for earlier tokens, extended by this call, or null
     * @param training whether dropout is active
     * @return {@code [B, T, H]}, belonging to the innermost open scope
     */
    Tensor hiddenStates(ModelInput input, KeyValueCache cache, boolean training);
}
