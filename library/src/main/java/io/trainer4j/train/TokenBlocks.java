package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.data.Batch;
import io.trainer4j.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Encoded texts joined and cut into blocks of one length, as {@code group_texts} of transformers'
 * examples/pytorch/language-modeling/run_mlm.py does: 1,000 rows at a time, whose last tokens are dropped where they fill no
 * block. Special tokens stay where they are, inside blocks too.
 */
public final class TokenBlocks {
    /** Rows that are joined; what Python's {@code Dataset.map} takes at a time. */
    private static final int BATCH_ROWS = 1000;

    private static final List<String> COLUMNS = List.of("input_ids", "attention_mask", "token_type_ids");

    private TokenBlocks() {}

    /**
     * Joins and cuts all rows now.
     *
     * @param rows with {@code input_ids}, and {@code attention_mask} and {@code token_type_ids} where there are any
     * @param blockSize tokens of a block, at least 1
     * @return one row per block, with these columns only
     * @throws UsageException if all tokens together fill no block
     */
    public static Dataset of(Dataset rows, int blockSize) {
        Map<String, List<int[]>> blocks = new LinkedHashMap<>();
        for (int from = 0; from < rows.size(); from += BATCH_ROWS) {
            Batch batch = rows.rows(IntStream.range(from, Math.min(rows.size(), from + BATCH_ROWS))
                    .toArray());
            for (String column : COLUMNS) {
                if (batch.columnNames().contains(column)) {
                    int[] joined = Padded.tokens(batch, column).stream()
                            .flatMapToInt(Arrays::stream)
                            .toArray();
                    List<int[]> cut = blocks.computeIfAbsent(column, name -> new ArrayList<>());
                    for (int start = 0; start + blockSize <= joined.length; start += blockSize) {
                        cut.add(Arrays.copyOfRange(joined, start, start + blockSize));
                    }
                }
            }
        }
        if (blocks.getOrDefault("input_ids", List.of()).isEmpty()) {
            throw new UsageException("The texts together have fewer tokens than a block of " + blockSize
                    + "; lower --max-length or leave --line-by-line false out.");
        }
        return Dataset.of(blocks);
    }
}
