package io.trainer4j.model;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** A network whose tokens see only those before them, so that what they gave can be kept for the tokens to come. */
interface CausalBackbone extends Backbone {
    /** Number of blocks, each with keys and values of its own. */
    int layerCount();

    /** Whether input and output embedding are one tensor where the configuration does not say. */
    default boolean tiedByDefault() {
        return false;
    }

    @Override
    default ClassificationHead classificationHead(int numLabels) {
        return new LastTokenHead(hiddenSize(), numLabels);
    }

    /** Frequencies of the rotary embedding, which old files store. */
    @Override
    default boolean isUnused(String name) {
        return name.endsWith("rotary_emb.inv_freq");
    }

    @Override
    default Tensor hiddenStates(ModelInput input, Pass pass) {
        return hiddenStates(input, null, pass);
    }

    /**
     * Runs the network.
     *
     * @param input the batch; its positions continue those of {@code cache}
     * @param cache what was computed for earlier tokens, extended by this call, or null
     * @param pass what the run is for
     * @return {@code [B, T, H]}, belonging to the innermost open scope
     */
    Tensor hiddenStates(ModelInput input, KeyValueCache cache, Pass pass);

    /**
     * The network for one token at a time with single-row products; empty where this family, its options, the form of a
     * weight or this process has none. It reads the weights as they are now and is valid as long as they are.
     *
     * @param outputEmbedding {@code [vocabulary, hidden]}
     */
    default Optional<OneTokenDecoder> oneToken(Weight outputEmbedding) {
        return Optional.empty();
    }
}
