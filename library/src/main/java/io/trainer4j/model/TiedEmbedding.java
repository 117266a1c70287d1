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
    static ModelConfig asStored(ModelConfig config, CausalBackbone decoder, WeightFiles files) {
        String embedding = decoder.embeddingName();
        if (!config.tieWordEmbeddings(decoder.tiedByDefault()) || !files.contains(CausalLM.HEAD)) {
            return config;
        }
        if (!files.contains(embedding)) {
            files.rename(CausalLM.HEAD, embedding);
            return config;
        }
        try (Scope scope = Scope.open()) {
            boolean same = files.load(CausalLM.HEAD).equal(files.load(embedding));
            return same ? config : config.withoutTiedEmbeddings();
        }
    }
}
