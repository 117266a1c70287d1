package io.trainer4j.train;

/** What a parameter's name tells of it. */
final class ParameterNames {
    private ParameterNames() {}

    /** Whether it is a table of vectors for tokens, positions or segments. */
    static boolean isEmbedding(String name) {
        return name.endsWith("embed_tokens.weight")
                || name.endsWith("_embeddings.weight")
                || name.endsWith(".wte.weight")
                || name.endsWith(".wpe.weight");
    }
}
