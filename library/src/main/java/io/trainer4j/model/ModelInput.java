package io.trainer4j.model;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.TensorData;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * A batch of token sequences, padded to one length.
 *
 * @param inputIds token ids {@code [batch, length]}
 * @param attentionMask 1 for a token and 0 for padding, same shape
 * @param tokenTypeIds segment of each token for models that have segments, or null for segment 0 throughout
 */
public record ModelInput(int[][] inputIds, int[][] attentionMask, int[][] tokenTypeIds) {
    /** A batch without padding. */
    public static ModelInput of(int[]... inputIds) {
        int[][] mask = new int[inputIds.length][inputIds[0].length];
        for (int[] row : mask) {
            Arrays.fill(row, 1);
        }
        return new ModelInput(inputIds, mask, null);
    }

    /** Number of sequences. */
    public int rows() {
        return inputIds.length;
    }

    /** Padded length of every sequence. */
    public int length() {
        return inputIds[0].length;
    }

    /**
     * The token ids, {@code [B, T]}.
     *
     * @throws TrainerException if one is not among the {@code vocabSize} ids of the model
     */
    Tensor ids(int vocabSize) {
        for (int[] row : inputIds) {
            for (int id : row) {
                if (id < 0 || id >= vocabSize) {
                    throw new TrainerException("Token id " + id + " is outside the model's vocabulary of " + vocabSize
                            + " ids; use the tokenizer that belongs to the model.");
                }
            }
        }
        return TensorData.ints(inputIds);
    }

    /**
     * Refuses rows that a model with learned positions has no position for.
     *
     * @param past tokens before these
     */
    void requireFitting(int past, int maxPositions) {
        if (past + length() > maxPositions) {
            throw new TrainerException("A row has " + (past + length()) + " tokens but the model has positions for "
                    + maxPositions + "; set --max-length " + maxPositions + " or less.");
        }
    }

    /** Whether some sequence has padding. */
    boolean isPadded() {
        return Arrays.stream(attentionMask).anyMatch(row -> Arrays.stream(row).anyMatch(m -> m == 0));
    }

    /** Whether padding, if any, stands only behind the tokens, where causal attention never looks. */
    boolean isRightPadded() {
        for (int[] row : attentionMask) {
            for (int t = 1; t < row.length; t++) {
                if (row[t] > row[t - 1]) {
                    return false;
                }
            }
        }
        return true;
    }
}
