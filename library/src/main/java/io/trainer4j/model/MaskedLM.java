package io.trainer4j.model;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.Scope;
import org.bytedeco.pytorch.Tensor;

/** An encoder that guesses masked tokens. Its output matrix is the token embedding. */
public final class MaskedLM extends PretrainedModel {
    private final MaskedHead head;

    MaskedLM(ModelConfig config, Encoder encoder, WeightFiles files) {
        this(requireTied(config), encoder, encoder.maskedHead(), files);
    }

    private MaskedLM(ModelConfig config, Encoder encoder, MaskedHead head, WeightFiles files) {
        super(config, encoder, head.parameters(), files);
        this.head = head;
    }

    private static ModelConfig requireTied(ModelConfig config) {
        if (!config.tieWordEmbeddings(true)) {
            throw new TrainerException(config.source() + " has tie_word_embeddings false; a masked language model is"
                    + " computed with tied embeddings only.");
        }
        return config;
    }

    @Override
    boolean headMayBeNew() {
        return true;
    }

    @Override
    Task task() {
        return Task.MASKED_LM;
    }

    /** The vectors {@link #scores} is applied to, {@code [batch, length, hidden]}. */
    public Tensor hiddenStates(ModelInput input, Pass pass) {
        return backbone().hiddenStates(input, pass);
    }

    /**
     * Scores of every token of the vocabulary at chosen positions.
     *
     * @param hidden {@code [..., hidden]}
     * @return {@code [..., vocabulary]}, belonging to the innermost open scope
     */
    public Tensor scores(Tensor hidden, Pass pass) {
        try (Scope scope = Scope.open()) {
            return scope.keep(head.scores(
                    parameters(), hidden, parameters().baseWeight(backbone().embeddingName(), false), pass));
        }
    }

    @Override
    public Tensor logits(ModelInput input, Pass pass) {
        try (Scope scope = Scope.open()) {
            return scope.keep(scores(hiddenStates(input, pass), pass));
        }
    }
}
