package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowTest {
    @Test
    void convertsTextOfCsvCells() {
        assertThat(cell(" 12 ").getLong("c")).isEqualTo(12);
        assertThat(cell("-1.5e2").getDouble("c")).isEqualTo(-150);
        assertThat(cell("True").getBoolean("c")).isTrue();
        assertThat(cell("false").getBoolean("c")).isFalse();
    }

    @Test
    void takesTypedValuesAsTheyAre() {
        assertThat(cell(12).getLong("c")).isEqualTo(12);
        assertThat(cell(12L).getDouble("c")).isEqualTo(12);
        assertThat(cell(true).getBoolean("c")).isTrue();
        assertThat(cell(12L).getString("c")).isEqualTo("12");
        assertThat(cell(null).getString("c")).isNull();
        assertThat(cell(new int[] {3, 4}).getInts("c")).containsExactly(3, 4);
        assertThat(cell(List.of(3L, 4L)).getInts("c")).containsExactly(3, 4);
    }

    @Test
    void saysWhatACellHoldsInsteadOfTheTypeAskedFor() {
        assertThatThrownBy(() -> cell("很好").getLong("c"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("Column \"c\" holds the text \"很好\" where a whole number is needed");
        assertThatThrownBy(() -> cell(null).getLong("c")).hasMessageContaining("an empty cell");
        assertThatThrownBy(() -> cell(2.5).getLong("c")).hasMessageContaining("a whole number is needed");
        assertThatThrownBy(() -> cell("x".repeat(99)).getDouble("c"))
                .hasMessageContaining("\"" + "x".repeat(40) + "…\" where a number");
        assertThatThrownBy(() -> cell("1").getBoolean("c")).hasMessageContaining("true or false");
        assertThatThrownBy(() -> cell(List.of("a")).getString("c")).hasMessageContaining("where text is needed");
        assertThatThrownBy(() -> cell("1 2").getInts("c")).hasMessageContaining("a list of whole numbers");
        assertThatThrownBy(() -> cell(List.of(1L << 40)).getInts("c"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("holds 1099511627776 where a whole number of at most 32 bits");
    }

    @Test
    void batchesGiveTypedColumns() {
        Batch batch = Dataset.of(Map.of("c", Arrays.asList("a", null))).rows(1, 0);

        assertThat(batch.column("c", String.class)).containsExactly(null, "a");
        assertThatThrownBy(() -> batch.column("c", Long.class))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Column \"c\" holds the text \"a\" where Long is needed");
        assertThatThrownBy(() -> batch.row(2)).isInstanceOf(UsageException.class);
    }

    private static Row cell(Object value) {
        return Dataset.of(Map.of("c", Arrays.asList(value, null))).row(0);
    }
}
