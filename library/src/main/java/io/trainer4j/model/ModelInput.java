package io.trainer4j.model;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.TensorData;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * A batch of token sequences, padded to one length, or one row of documents that do not see each other.
 *
 * @param inputIds token ids {@code [batch, length]}
 * @param attentionMask 1 for a token and 0 for padding, same shape
 * @param tokenTypeIds segment of each token for models that have segments, or null for segment 0 throughout
 * @param documents lengths of the documents that the only row holds one after another, each with positions and attention
 *     of its own; null where every row is one document
 * @param places where in the row each token of the documents stands, those that several documents begin with once; null
 *     where they stand one after another
 */
public record ModelInput(int[][] inputIds, int[][] attentionMask, int[][] tokenTypeIds, int[] documents, int[] places) {
    /** A padded batch whose rows are documents. */
    public ModelInput(int[][] inputIds, int[][] attentionMask, int[][] tokenTypeIds) {
        this(inputIds, attentionMask, tokenTypeIds, null, null);
    }

    /** A batch without padding. */
    public static ModelInput of(int[]... inputIds) {
        return new ModelInput(inputIds, ones(inputIds.length, inputIds[0].length), null);
    }

    /** One row of documents without segments. */
    public static ModelInput packed(int[]... documents) {
        int[][] row = {Arrays.stream(documents).flatMapToInt(Arrays::stream).toArray()};
        int[] lengths = Arrays.stream(documents).mapToInt(ids -> ids.length).toArray();
        return new ModelInput(row, ones(1, row[0].length), null, lengths, null);
    }

    private static int[][] ones(int rows, int length) {
        int[][] mask = new int[rows][length];
        for (int[] row : mask) {
            Arrays.fill(row, 1);
        }
        return mask;
    }

    /** Number of rows. */
    public int rows() {
        return inputIds.length;
    }

    /** Padded length of every row. */
    public int length() {
        return inputIds[0].length;
    }

    /** Whether the row holds several documents. */
    public boolean isPacked() {
        return documents != null;
    }

    /** Whether there is padding that a packed row would do without: behind the tokens of a row. */
    boolean canBePacked() {
        return !isPacked()
                && isPadded()
                && isRightPadded()
                && Arrays.stream(attentionMask).allMatch(row -> row[0] == 1);
    }

    /** The tokens of each row as a document of one packed row; see {@link #canBePacked}. */
    ModelInput packed() {
        int[] lengths = Arrays.stream(attentionMask)
                .mapToInt(row -> Arrays.stream(row).sum())
                .toArray();
        int[][] ids = {joined(inputIds, lengths)};
        int[][] types = tokenTypeIds == null ? null : new int[][] {joined(tokenTypeIds, lengths)};
        return new ModelInput(ids, ones(1, ids[0].length), types, lengths, null);
    }

    /** This packed row without segments with the tokens once that several documents begin with. */
    ModelInput withSharedPrefixes() {
        int[][] whole = new int[documents.length][];
        int start = 0;
        for (int d = 0; d < whole.length; d++) {
            whole[d] = Arrays.copyOfRange(inputIds[0], start, start + documents[d]);
            start += documents[d];
        }
        int[] shared = SharedPrefixes.places(whole);
        int[] ids = new int[Arrays.stream(shared).max().orElse(-1) + 1];
        for (int token = 0; token < shared.length; token++) {
            ids[shared[token]] = inputIds[0][token];
        }
        return new ModelInput(new int[][] {ids}, ones(1, ids.length), null, documents, shared);
    }

    /** Where a token of the documents, counted through all of them, stands in the flattened row. */
    public int place(int token) {
        return places == null ? token : places[token];
    }

    private static int[] joined(int[][] rows, int... lengths) {
        return IntStream.range(0, rows.length)
                .flatMap(r -> Arrays.stream(rows[r], 0, lengths[r]))
                .toArray();
    }

    /** Where documents begin, counted through the tokens of all of them. */
    public BitSet firstTokens() {
        BitSet first = new BitSet();
        if (isPacked()) {
            int start = 0;
            for (int length : documents) {
                first.set(start);
                start += length;
            }
        } else {
            IntStream.range(0, rows()).forEach(r -> first.set(r * length()));
        }
        return first;
    }

    /** Length of the longest document, or the padded length. */
    int longest() {
        return isPacked() ? Arrays.stream(documents).max().orElse(0) : length();
    }

    /** The position of each token of the packed row in its document. */
    public int[] positions() {
        int[] ofTokens = Arrays.stream(documents)
                .flatMap(length -> IntStream.range(0, length))
                .toArray();
        int[] positions = new int[length()];
        for (int token = 0; token < ofTokens.length; token++) {
            positions[place(token)] = ofTokens[token];
        }
        return positions;
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
     * Refuses documents that a model with learned positions has no position for.
     *
     * @param past tokens before these
     */
    void requireFitting(int past, int maxPositions) {
        if (past + longest() > maxPositions) {
            throw new ContextLengthException(past + longest(), maxPositions);
        }
    }

    /** Whether some row has padding. */
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
