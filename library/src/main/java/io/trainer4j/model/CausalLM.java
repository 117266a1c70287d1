package io.trainer4j.model;

import io.trainer4j.AtomicFile;
import io.trainer4j.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A decoder that predicts the next token. */
public final class CausalLM extends PretrainedModel {
    static final String HEAD = "lm_head.weight";

    /** One of how many tokens pays for putting documents together again in every block's attention. */
    private static final int SHARE_WORTH_WHILE = 32;

    private final CausalBackbone decoder;
    private boolean tied;
    private final GenerationFile generation;

    CausalLM(ModelConfig config, CausalBackbone decoder, WeightFiles files, GenerationFile generation) {
        super(config, decoder, head(config, decoder), files);
        this.decoder = decoder;
        tied = config.tieWordEmbeddings(decoder.tiedByDefault());
        this.generation = generation;
    }

    static List<ParameterSpec> head(ModelConfig config, CausalBackbone decoder) {
        return config.tieWordEmbeddings(decoder.tiedByDefault())
                ? List.of()
                : List.of(ParameterSpec.weight(HEAD, decoder.vocabSize(), decoder.hiddenSize())
                        .as(ParameterSpec.Role.EMBEDDING));
    }

    /** Network and head. */
    static List<ParameterSpec> parameters(ModelConfig config, CausalBackbone decoder) {
        List<ParameterSpec> specs = new ArrayList<>(decoder.parameters());
        specs.addAll(head(config, decoder));
        return specs;
    }

    @Override
    boolean headMayBeNew() {
        return false;
    }

    @Override
    Task task() {
        return Task.CAUSAL_LM;
    }

    private Weight outputEmbedding() {
        return !tied || parameters().isReplaced(HEAD)
                ? parameters().weight(HEAD, false)
                : parameters().baseWeight(decoder.embeddingName(), false);
    }

    /**
     * The matrix that turns a token's vector into scores, {@code [vocabulary, hidden]}, where it is trained; the embedding
     * itself when tied.
     */
    public Optional<Tensor> trainedOutputEmbedding() {
        return outputEmbedding() instanceof DenseWeight dense && dense.isTrainable()
                ? Optional.of(dense.stored())
                : Optional.empty();
    }

    /**
     * The output embedding applied to vectors, without autograd and without ever holding a whole copy of it.
     *
     * @param hidden {@code [n, hidden]}
     * @return scores before softmax, {@code [n, vocabulary]}
     */
    public Tensor scores(Tensor hidden) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            return scope.keep(outputEmbedding().linear(hidden, null));
        }
    }

    /**
     * What a gradient by {@link #scores} is by the vectors.
     *
     * @param gradient {@code [n, vocabulary]}
     * @return {@code [n, hidden]}
     */
    public Tensor scoresBackward(Tensor gradient) {
        return outputEmbedding().transposed(gradient);
    }

    @Override
    Map<String, Supplier<Tensor>> trainableWhole() {
        Map<String, Supplier<Tensor>> whole = super.trainableWhole();
        whole.putIfAbsent(HEAD, whole.get(decoder.embeddingName()));
        return whole;
    }

    @Override
    void separateTied(Adapter adapter) {
        String embedding = decoder.embeddingName();
        boolean changed = adapter.layers().containsKey(LoraTargets.module(embedding))
                || adapter.replaced().containsKey(embedding)
                || adapter.replaced().containsKey(HEAD);
        if (tied && changed) {
            try (Scope scope = Scope.open()) {
                parameters()
                        .add(
                                HEAD,
                                Scope.own(parameters().base(embedding).detach().clone()));
            }
            specs().add(ParameterSpec.weight(HEAD, vocabSize(), hiddenSize()).as(ParameterSpec.Role.EMBEDDING));
            config(config().withoutTiedEmbeddings());
            tied = false;
        }
    }

    /**
     * The same tokens, those that several documents begin with once, where that saves a 32nd of them or more: what the network
     * makes of a token follows from those before it. {@code input} itself on a GPU, where documents are not computed one
     * after another, with padding on the left or with segments, and where a token's vector depends on more: random
     * numbers, or states that are kept for whole rows.
     */
    public ModelInput withSharedPrefixes(ModelInput input, Pass pass) {
        boolean isRow = input.isPacked() || !input.isPadded();
        if (input.places() != null
                || !isRow
                || !device().isCpu()
                || input.tokenTypeIds() != null
                || draws(pass)
                || pass.keepsStates()) {
            return input;
        }
        ModelInput row = input.isPacked() ? input : input.packed();
        ModelInput shared = row.withSharedPrefixes();
        return row.length() - shared.length() >= Math.max(1, row.length() / SHARE_WORTH_WHILE) ? shared : input;
    }

    /** The vectors the output embedding is applied to, {@code [batch, length, hidden]}. */
    public Tensor hiddenStates(ModelInput input, Pass pass) {
        return decoder.hiddenStates(input, null, pass);
    }

    @Override
    public Tensor logits(ModelInput input, Pass pass) {
        try (Scope scope = Scope.open()) {
            return scope.keep(pass.product(hiddenStates(input, pass), outputEmbedding(), null));
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
            Tensor last = hidden.select(1, -1).view(hiddenSize());
            return scope.keep(
                    outputEmbedding() instanceof DenseWeight dense
                            ? torch.linear(last, Layers.as(dense.stored(), last))
                            : outputEmbedding().linear(last, null));
        }
    }

    /**
     * The model for one token at a time, with the weights as they are now; see {@link CausalBackbone#oneToken}. It does not
     * compute adapters, nor on a GPU.
     */
    Optional<OneTokenDecoder> oneToken() {
        return device().isCpu() && PeftModel.of(this).activeAdapter() == null
                ? decoder.oneToken(outputEmbedding())
                : Optional.empty();
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
        if (peft().peftConfig().isEmpty()) {
            AtomicFile.writeString(folder.resolve(GenerationFile.NAME), generation.text());
        }
    }
}
