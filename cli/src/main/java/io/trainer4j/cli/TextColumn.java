package io.trainer4j.cli;

import io.trainer4j.data.Batch;
import io.trainer4j.data.Columns;
import io.trainer4j.text.BatchEncoding;
import io.trainer4j.text.Padding;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.text.Truncation;
import java.util.List;
import java.util.stream.IntStream;

/** A column of texts that a model reads as they are. */
record TextColumn(Tokenizer tokenizer, String name, MaxLength maxLength) {

    /** What the model takes, and {@link EncodedRows#CUT}. */
    Columns encode(Batch rows) {
        return encode(rows, Truncation.to(maxLength.tokens()));
    }

    /** The same for texts of any length. */
    Columns encodeWhole(Batch rows) {
        return encode(rows, Truncation.none());
    }

    private Columns encode(Batch rows, Truncation truncation) {
        List<String> texts = rows.strings(name).stream()
                .map(cell -> cell == null ? "" : cell)
                .toList();
        BatchEncoding encoding = tokenizer.encode(texts, Padding.DO_NOT_PAD, truncation);
        Columns columns = Columns.of("input_ids", encoding.columns().get("input_ids"))
                .and("attention_mask", encoding.columns().get("attention_mask"))
                .and(EncodedRows.CUT, cutTokens(texts, encoding));
        return encoding.columns().containsKey("token_type_ids")
                ? columns.and("token_type_ids", encoding.columns().get("token_type_ids"))
                : columns;
    }

    private List<Integer> cutTokens(List<String> texts, BatchEncoding encoding) {
        List<int[]> ids = encoding.columns().get("input_ids");
        return IntStream.range(0, texts.size())
                .mapToObj(i -> {
                    int length = ids.get(i).length;
                    boolean mayBeCut = encoding.truncatedTokens() > 0 && length == maxLength.tokens();
                    return mayBeCut ? tokenizer.encode(texts.get(i)).length - length : 0;
                })
                .toList();
    }
}
