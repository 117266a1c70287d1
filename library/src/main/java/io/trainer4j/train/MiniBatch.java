package io.trainer4j.train;

import io.trainer4j.model.ModelInput;

/**
 * What one forward pass takes.
 *
 * @param input padded token ids
 * @param labels for a language model one id per token, {@code [batch][length]}; for a classifier one class per row, {@code
 *     [batch][1]}; {@link #IGNORED} where nothing is to be predicted
 */
public record MiniBatch(ModelInput input, int[][] labels) {
    /** The label of a position that is not trained and not scored, as in {@code torch.nn.CrossEntropyLoss}. */
    public static final int IGNORED = -100;

    /** Number of sequences. */
    public int rows() {
        return input.rows();
    }
}
