package io.trainer4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowPaddingTest {
    private static final List<EncodedRow> ROWS = List.of(row(1, 2, 3), row(4), row());

    @Test
    void fillsOnTheSideAskedFor() {
        assertThat(new RowPadding(3, Side.RIGHT, 9).pad(ROWS, EncodedRow::ids, 9))
                .containsExactly(new int[] {1, 2, 3}, new int[] {4, 9, 9}, new int[] {9, 9, 9});
        assertThat(new RowPadding(3, Side.LEFT, 9).pad(ROWS, EncodedRow::ids, 9))
                .containsExactly(new int[] {1, 2, 3}, new int[] {9, 9, 4}, new int[] {9, 9, 9});
    }

    @Test
    void aRowThatIsLongerIsNotCut() {
        assertThat(new RowPadding(2, Side.LEFT, 9).pad(ROWS, EncodedRow::ids, 9))
                .containsExactly(new int[] {1, 2, 3}, new int[] {9, 4}, new int[] {9, 9});
    }

    @Test
    void aBatchPadsEveryColumnWithItsOwnValueAndCountsWhatWasCut() {
        List<EncodedRow> kept =
                ROWS.stream().map(row -> row.truncate(2, Side.LEFT)).toList();

        BatchEncoding batch = BatchEncoding.of(ROWS, kept, new RowPadding(2, Side.RIGHT, 9), true);

        assertThat(batch.columns().keySet()).containsExactly("input_ids", "token_type_ids", "attention_mask");
        assertThat(batch.columns().get("input_ids"))
                .containsExactly(new int[] {2, 3}, new int[] {4, 9}, new int[] {9, 9});
        assertThat(batch.columns().get("token_type_ids"))
                .containsExactly(new int[] {1, 1}, new int[] {1, 0}, new int[] {0, 0});
        assertThat(batch.columns().get("attention_mask"))
                .containsExactly(new int[] {1, 1}, new int[] {1, 0}, new int[] {0, 0});
        assertThat(batch.truncatedRows()).isEqualTo(1);
        assertThat(batch.truncatedTokens()).isEqualTo(1);
    }

    @Test
    void aModelThatTakesNoTypesGetsNone() {
        BatchEncoding batch = BatchEncoding.of(ROWS, ROWS, new RowPadding(0, Side.RIGHT, 0), false);

        assertThat(batch.columns().keySet()).containsExactly("input_ids", "attention_mask");
        assertThat(batch.columns().get("attention_mask").get(2)).isEmpty();
        assertThat(batch.truncatedRows()).isZero();
    }

    /** A row of one text with the type 1. */
    private static EncodedRow row(int... ids) {
        int[] types = IntStream.of(ids).map(id -> 1).toArray();
        return new EncodedRow(ids, types, new int[ids.length]);
    }
}
