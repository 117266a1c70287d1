package io.trainer4j.train;

import io.trainer4j.data.Batch;
import io.trainer4j.model.ProblemType;
import io.trainer4j.text.Tokenizer;

/** Turns the rows of one batch into what the model takes: pads them to one length and finds their labels. */
@FunctionalInterface
public interface DataCollator {
    /** Collates rows with {@code input_ids} and the columns of the task. */
    MiniBatch collate(Batch rows);

    /**
     * Whether {@link #collate} draws from the default random stream. If not, {@code dataloader_num_workers} threads call it
     * at the same time; if so, only the training thread does, so that equal seeds still give equal batches.
     */
    default boolean drawsRandomNumbers() {
        return false;
    }

    /**
     * Rows of a language model: {@code input_ids} and {@code labels}, or every token a label where there is no such column.
     * Padding stands on the right, has label -100 and does not depend on the padding token's id, so an end-of-sequence
     * token stays a label even where it is also the padding token. Rows of {@link PackedRows} become one row of documents.
     *
     * @param padTokenId id the padding is filled with
     */
    static DataCollator forCausalLM(int padTokenId) {
        return rows -> PackedRows.isIn(rows)
                ? PackedRows.collated(rows)
                : Padded.of(rows, padTokenId).causal(rows);
    }

    /**
     * Rows of a classifier: {@code input_ids}, {@code label} (or {@code labels}), and {@code attention_mask} and {@code
     * token_type_ids} where present. As DataCollatorWithPadding in transformers/data/data_collator.py.
     *
     * @param padTokenId id the padding is filled with
     */
    static DataCollator forSequenceClassification(int padTokenId) {
        return rows -> Padded.of(rows, padTokenId).classification(rows);
    }

    /**
     * As {@link #forSequenceClassification(int)}, with labels as the problem asks: a class id per row, or a number or list of
     * numbers, one for each label.
     */
    static DataCollator forSequenceClassification(int padTokenId, ProblemType problemType) {
        return problemType == ProblemType.SINGLE_LABEL_CLASSIFICATION
                ? forSequenceClassification(padTokenId)
                : rows -> Padded.of(rows, padTokenId).values(rows);
    }

    /**
     * Rows of a masked language model: {@code input_ids}, and {@code attention_mask} and {@code token_type_ids} where
     * present. Of the tokens that are not special, each is chosen with the given probability, from the default random
     * stream; of the chosen ones 80 % become the mask token, 10 % a random token, and 10 % stay; only they have labels. As
     * DataCollatorForLanguageModeling in transformers/data/data_collator.py.
     *
     * @param probability above 0, below 1; 0.15 in Python
     */
    static DataCollator forMaskedLM(Tokenizer tokenizer, double probability) {
        return new MaskingCollator(tokenizer, probability);
    }
}
