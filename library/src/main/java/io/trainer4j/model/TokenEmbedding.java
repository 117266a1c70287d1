package io.trainer4j.model;

import org.bytedeco.pytorch.Tensor;

/**
 * The vectors of tokens.
 *
 * @param table {@code [vocabulary, H]}
 * @param lora what an adapter adds, or null
 */
record TokenEmbedding(Weight table, LoraLayer lora) {
    /**
     * Takes the table.
     *
     * @param weight the table's name, such as {@code model.embed_tokens.weight}
     */
    static TokenEmbedding of(Parameters parameters, String weight) {
        return new TokenEmbedding(parameters.weight(weight, false), parameters.lora(LoraTargets.module(weight)));
    }

    /**
     * Looks tokens up.
     *
     * @param ids {@code [...]}
     * @param paddingIndex the row that gets no gradient, or -1
     * @return {@code [..., H]}
     */
    Tensor apply(Tensor ids, int paddingIndex, Pass pass) {
        Tensor rows = pass.embedding(table, ids, paddingIndex);
        return lora == null ? rows : lora.embed(ids, paddingIndex, table, rows);
    }
}
