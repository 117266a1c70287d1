package io.trainer4j.text;

import io.trainer4j.data.Columns;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Encoded rows by column, as the {@code BatchEncoding} of transformers.
 *
 * @param columns {@code input_ids}, {@code attention_mask} (1 for tokens, 0 for padding) and, where the tokenizer's model
 *     takes it, {@code token_type_ids}; one {@code int[]} per row, of equal lengths within a row
 * @param truncatedRows rows that lost tokens to the maximum length
 * @param truncatedTokens tokens lost in all rows together
 */
public record BatchEncoding(Map<String, List<int[]>> columns, int truncatedRows, long truncatedTokens)
        implements Columns {

    /** Pads rows that are truncated already; {@code original} are the same rows before that. */
    static BatchEncoding of(List<EncodedRow> original, List<EncodedRow> kept, RowPadding padding, boolean typeIds) {
        Map<String, List<int[]>> columns = new LinkedHashMap<>();
        columns.put("input_ids", padding.pad(kept, EncodedRow::ids, padding.padTokenId()));
        if (typeIds) {
            columns.put("token_type_ids", padding.pad(kept, EncodedRow::typeIds, 0));
        }
        columns.put("attention_mask", padding.pad(kept, EncodedRow::attentionMask, 0));
        int truncatedRows = 0;
        long truncatedTokens = 0;
        for (int i = 0; i < kept.size(); i++) {
            int lost = original.get(i).length() - kept.get(i).length();
            truncatedRows += lost > 0 ? 1 : 0;
            truncatedTokens += lost;
        }
        return new BatchEncoding(Collections.unmodifiableMap(columns), truncatedRows, truncatedTokens);
    }
}
