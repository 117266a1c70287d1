package io.trainer4j.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A network from token ids to one vector per token, without a head, and what its family says about heads. */
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

    /** Most tokens a text may have, as far as the configuration says. */
    default int maxPositions(ModelConfig config) {
        return config.declaredPositions();
    }

    /** The noise put on token embeddings while training. */
    EmbeddingNoise embeddingNoise();

    /** Standard deviation of freshly initialised weights. */
    double initializerRange();

    /** The name of the token embedding among the {@link #parameters}. */
    String embeddingName();

    /** What the names of each block's parameters start with, from the lowest block on. */
    List<String> layerNames();

    /** Whether training drops out values, which ones depending on where they stand in the batch. */
    boolean dropsOut();

    /** Python's class for this network with a head for the task, such as {@code Qwen2ForCausalLM}. */
    String architecture(Task task);

    /** A new head with one score per label and sequence. */
    ClassificationHead classificationHead(int numLabels);

    /** Whether files of this family may hold a tensor of that name below {@link #prefix} that is no parameter of it. */
    default boolean isUnused(String name) {
        return false;
    }

    /**
     * Runs the network.
     *
     * @param pass what the run is for
     * @return {@code [B, T, H]}, belonging to the innermost open scope
     */
    Tensor hiddenStates(ModelInput input, Pass pass);
}
