package io.trainer4j.train;

import io.trainer4j.model.CausalLM;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.Pass;
import io.trainer4j.model.PretrainedModel;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What one forward pass takes.
 *
 * @param input padded token ids
 * @param labels for a language model one id per token, {@code [batch][length]}; for a classifier one class per row, {@code
 *     [batch][1]}; {@link #IGNORED} where nothing is to be predicted; for regression and several labels per row empty rows
 * @param values for regression one number, and for several labels per row 1 or 0, for each label: {@code
 *     [batch][labels]}; else null
 */
public record MiniBatch(ModelInput input, int[][] labels, float[][] values) {
    /** A batch of ids or classes. */
    public MiniBatch(ModelInput input, int[][] labels) {
        this(input, labels, null);
    }

    /** The label of a position that is not trained and not scored, as in {@code torch.nn.CrossEntropyLoss}. */
    public static final int IGNORED = -100;

    /**
     * The same tokens and labels in one row of documents, where the model computes the same without padding; else this.
     *
     * @see PretrainedModel#withoutPadding
     */
    MiniBatch withoutPadding(PretrainedModel model, Pass pass) {
        return with(model.withoutPadding(input, pass));
    }

    /**
     * The same tokens and labels, with the tokens once that several documents begin with; see {@link
     * CausalLM#withSharedPrefixes}. Labels remain those of the documents' tokens.
     */
    MiniBatch withSharedPrefixes(CausalLM model, Pass pass) {
        return with(model.withSharedPrefixes(input, pass));
    }

    private MiniBatch with(ModelInput tokens) {
        if (tokens.isPacked() == input.isPacked()) {
            return new MiniBatch(tokens, labels, values);
        }
        int[] row = IntStream.range(0, rows())
                .flatMap(r -> Arrays.stream(labels[r], 0, tokens.documents()[r]))
                .toArray();
        return new MiniBatch(tokens, new int[][] {row}, values);
    }

    /** Number of rows of the input; a packed row is one, however many documents it holds. */
    public int rows() {
        return input.rows();
    }
}
