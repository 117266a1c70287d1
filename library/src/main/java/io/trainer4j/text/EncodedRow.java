package io.trainer4j.text;

import io.trainer4j.UsageException;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The tokens of one text or pair of texts. */
final class EncodedRow {
    private final int[] ids;
    private final int[] typeIds;
    private final int[] sequenceIds;

    /**
     * Takes the arrays of one row, of equal lengths.
     *
     * @param typeIds {@code token_type_ids}
     * @param sequenceIds 0 for tokens of the text, 1 for those of its pair, -1 for special tokens around them
     */
    EncodedRow(int[] ids, int[] typeIds, int[] sequenceIds) {
        this.ids = ids;
        this.typeIds = typeIds;
        this.sequenceIds = sequenceIds;
    }

    int[] ids() {
        return ids;
    }

    int[] typeIds() {
        return typeIds;
    }

    int length() {
        return ids.length;
    }

    int[] attentionMask() {
        int[] mask = new int[ids.length];
        Arrays.fill(mask, 1);
        return mask;
    }

    /**
     * Cuts the texts so that the row has at most {@code maxLength} tokens and keeps its special tokens. Of a pair, the
     * longer one is cut first, then both evenly: {@code truncate_encodings} in tokenizers' utils/truncation.rs. Where both
     * are longer than an odd number of tokens allows, the longer one gets the odd token; tokenizers 0.23 stops
     * reading early and may give it to the other.
     */
    EncodedRow truncate(int maxLength, Side side) {
        if (ids.length <= maxLength) {
            return this;
        }
        int first = count(0);
        int second = count(1);
        int room = maxLength - (ids.length - first - second);
        if (room < 0) {
            throw new UsageException("A maximum length of " + maxLength + " leaves no room for the "
                    + (ids.length - first - second) + " special tokens of a row; give a larger one.");
        }
        int shorter = Math.min(first, second);
        int longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
        if (shorter + longer > room) {
            shorter = room / 2;
            longer = shorter + room % 2;
        }
        return first > second ? keep(longer, shorter, side) : keep(shorter, longer, side);
    }

    private EncodedRow keep(int first, int second, Side side) {
        int[] skip = side == Side.LEFT ? new int[] {count(0) - first, count(1) - second} : new int[2];
        int[] end = {skip[0] + first, skip[1] + second};
        int[] seen = new int[2];
        int[] kept = IntStream.range(0, ids.length)
                .filter(i -> {
                    int sequence = sequenceIds[i];
                    if (sequence < 0) {
                        return true;
                    }
                    int position = seen[sequence]++;
                    return position >= skip[sequence] && position < end[sequence];
                })
                .toArray();
        return new EncodedRow(pick(ids, kept), pick(typeIds, kept), pick(sequenceIds, kept));
    }

    private int count(int sequence) {
        return (int) IntStream.of(sequenceIds).filter(id -> id == sequence).count();
    }

    private static int[] pick(int[] values, int[] positions) {
        return IntStream.of(positions).map(i -> values[i]).toArray();
    }
}
