package io.trainer4j.model;

import io.trainer4j.tensor.Scope;

/**
 * One matrix for reading and writing tokens, as far as the files agree: {@code PreTrainedModel.tie_weights} of transformers
 * 5 does the same, so that no head is lost.
 */
final class TiedEmbedding {
    private TiedEmbedding() {}

    /**
     * Decides where the configuration ties the embeddings: a head that differs from the embedding stays a matrix of its
     * own, and a head without an embedding becomes both.
     *
     * @return the configuration the model has
     */
    static ModelConfig asStored(ModelConfig config, WeightFiles files) {
        if (!config.tieWordEmbeddings() || !files.contains(CausalLM.HEAD)) {
            return config;
        }
        if (!files.contains(CausalLM.EMBEDDING)) {
            files.rename(CausalLM.HEAD, CausalLM.EMBEDDING);
            return config;
        }
        try (Scope scope = Scope.open()) {
            boolean same = files.load(CausalLM.HEAD).equal(files.load(CausalLM.EMBEDDING));
            return same ? config : config.withoutTiedEmbeddings();
        }
    }
}
