package io.trainer4j.model;

import io.trainer4j.AtomicFile;
import io.trainer4j.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A decoder that predicts the next token. */
public final class CausalLM extends PretrainedModel {
    static final String HEAD = "lm_head.weight";

    private final CausalBackbone decoder;
    private final boolean tied;
    private final GenerationFile generation;

    CausalLM(ModelConfig config, CausalBackbone decoder, WeightFiles files, GenerationFile generation) {
        super(config, decoder, head(config, decoder), files);
        this.decoder = decoder;
        tied = config.tieWordEmbeddings(decoder.tiedByDefault());
        this.generation = generation;
    }

    private static List<ParameterSpec> head(ModelConfig config, CausalBackbone decoder) {
        return config.tieWordEmbeddings(decoder.tiedByDefault())
                ? List.of()
                : List.of(ParameterSpec.weight(HEAD, decoder.vocabSize(), decoder.hiddenSize()));
    }

    @Override
    boolean headMayBeNew() {
        return false;
    }

    @Override
    Task task() {
        return Task.CAUSAL_LM;
    }

    /** The matrix that turns a token's vector into scores, {@code [vocabulary, hidden]}; the embedding itself when tied. */
    public Tensor outputEmbedding() {
        return parameters().get(tied ? decoder.embeddingName() : HEAD);
    }

    /** The vectors the output embedding is applied to, {@code [batch, length, hidden]}. */
    public Tensor hiddenStates(ModelInput input, Pass pass) {
        return decoder.hiddenStates(input, null, pass);
    }

    @Override
    public Tensor logits(ModelInput input, Pass pass) {
        try (Scope scope = Scope.open()) {
            return scope.keep(pass.product(hiddenStates(input, pass), new DenseWeight(outputEmbedding(), false), null));
        }
    }

    /**
     * Scores of the token that follows the last one given.
     *
     * @param ids tokens that continue those in the cache
     * @return {@code [vocabulary]}
     */
    Tensor nextLogits(int[] ids, KeyValueCache cache) {
        try (Scope scope = Scope.open()) {
            Tensor hidden = decoder.hiddenStates(ModelInput.of(ids), cache, Pass.of(Mode.EVAL));
            return scope.keep(torch.linear(hidden.select(1, -1).view(hiddenSize()), outputEmbedding()));
        }
    }

    /** An empty cache for one conversation with this model; the caller closes it. */
    public KeyValueCache newCache() {
        return new KeyValueCache(decoder.layerCount());
    }

    /** The model's own defaults for {@link #generate}, from {@code generation_config.json}. */
    public GenerationConfig generationConfig() {
        return generation.config();
    }

    /** Continues a prompt; see {@link #generate(int[], GenerationConfig, KeyValueCache, IntPredicate)}. */
    public int[] generate(int[] promptIds, GenerationConfig options) {
        try (KeyValueCache cache = newCache()) {
            return generate(promptIds, options, cache, id -> true);
        }
    }

    /**
     * Continues a prompt, one token at a time, until an end-of-sequence token or {@code maxNewTokens}.
     *
     * @param promptIds the whole text so far; the part the cache already holds is not computed again
     * @param cache the conversation's cache
     * @param onToken told of every new token as it is chosen; returning false ends the generation after it
     * @return the new tokens, including the end-of-sequence token if one was chosen
     */
    public int[] generate(int[] promptIds, GenerationConfig options, KeyValueCache cache, IntPredicate onToken) {
        return new Generation(this, options, cache).run(promptIds, onToken);
    }

    @Override
    public void savePretrained(Path folder, DType dtype, long maxShardBytes) {
        super.savePretrained(folder, dtype, maxShardBytes);
        AtomicFile.writeString(folder.resolve(GenerationFile.NAME), generation.text());
    }
}
