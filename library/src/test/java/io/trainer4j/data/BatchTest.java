package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchTest {
    @Test
    void readsAColumnAsText() {
        assertThat(batch().strings("n")).containsExactly("1", null, "2.5");
        assertThatThrownBy(() -> batch().strings("ids"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Column \"ids\" holds a value of type int[] where text is needed");
    }

    @Test
    void aTypedColumnHoldsThatTypeAndEmptyCells() {
        assertThat(batch().column("n", Number.class)).containsExactly(1L, null, 2.5);
        assertThatThrownBy(() -> batch().column("n", Long.class))
                .isInstanceOf(UsageException.class)
                .hasMessage("Column \"n\" holds 2.5 where Long is needed; convert it with map or name another column.");
    }

    @Test
    void iteratesOverItsRows() {
        List<String> names = new ArrayList<>();
        for (Row row : batch()) {
            names.add(row.getString("name"));
        }
        assertThat(names).containsExactly("a", "b", "c");
    }

    @Test
    void rowsAreCountedFromZero() {
        assertThat(batch().row(2).get("name")).isEqualTo("c");
        assertThatThrownBy(() -> batch().row(-1))
                .isInstanceOf(UsageException.class)
                .hasMessage("Row -1 does not exist; rows are counted from 0 to 2.");
        assertThatThrownBy(() -> new Batch(Map.of("x", List.of()), 0).row(0))
                .hasMessage("Row 0 does not exist; there are no rows.");
    }

    @Test
    void columnsAreAddedBehindAndReplacedInPlace() {
        Batch more = batch().with(Columns.of("new", List.of(1, 2, 3)).and("name", List.of("x", "y", "z")));

        assertThat(more.columnNames()).containsExactly("name", "n", "ids", "new");
        assertThat(more.row(0).toMap()).containsEntry("name", "x").containsEntry("new", 1);
        assertThat(batch().column("name")).isEqualTo(List.of("a", "b", "c"));
    }

    @Test
    void aColumnOfAnotherLengthIsRefused() {
        Batch batch = batch();
        Columns tooMany = Columns.of("x", List.of(1, 2, 3, 4));

        assertThatThrownBy(() -> batch.with(tooMany))
                .isInstanceOf(UsageException.class)
                .hasMessage("The mapped function returned 4 values for column \"x\" of a batch of 3 rows;"
                        + " return exactly one value per row.");
    }

    @Test
    void keepsAndRenamesColumns() {
        assertThat(batch().keep(List.of("ids", "name")).columnNames()).containsExactly("ids", "name");
        assertThat(batch().rename("n", "number").columnNames()).containsExactly("name", "number", "ids");
        assertThat(batch().rename("n", "number").column("number")).isEqualTo(batch().column("n"));
    }

    @Test
    void cannotBeChanged() {
        Batch batch = batch();

        assertThatThrownBy(() -> batch.columns().remove("n")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> batch.column("n", Number.class).clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> batch.row(0).toMap().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    private static Batch batch() {
        Map<String, List<?>> columns = new LinkedHashMap<>();
        columns.put("name", List.of("a", "b", "c"));
        columns.put("n", Arrays.asList(1L, null, 2.5));
        columns.put("ids", List.of(new int[] {1}, new int[] {2}, new int[0]));
        return new Batch(columns, 3);
    }
}
