package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
    @Test
    void keepsColumnsInOrderWithNulls() {
        Dataset dataset = pairs();

        assertThat(dataset.size()).isEqualTo(4);
        assertThat(dataset.columnNames()).containsExactly("question", "answer");
        assertThat(dataset.column("answer")).isEqualTo(Arrays.asList("1", null, "3", "4"));
        assertThat(dataset.row(2).toMap()).isEqualTo(Map.of("question", "c", "answer", "3"));
    }

    @Test
    void doesNotFollowLaterChangesOfTheListsItWasMadeOf() {
        List<Object> values = new ArrayList<>(List.of("a", "b"));
        Dataset dataset = Dataset.of(Map.of("text", values));

        values.set(0, "changed");

        assertThat(dataset.column("text")).isEqualTo(List.of("a", "b"));
        assertThatThrownBy(() -> dataset.rows(0).column("text").clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void refusesColumnsOfDifferentLength() {
        Map<String, List<?>> uneven = new LinkedHashMap<>();
        uneven.put("a", List.of(1, 2));
        uneven.put("b", List.of(1));

        assertThatThrownBy(() -> Dataset.of(uneven))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Column \"b\" has 1 values, the first column 2");
        assertThatThrownBy(() -> Dataset.of(Map.of())).isInstanceOf(UsageException.class);
    }

    @Test
    void selectsRowsOfASelection() {
        Dataset selected = pairs().select(3, 1, 1).select(IntStream.range(0, 2));

        assertThat(selected.column("question")).isEqualTo(List.of("d", "b"));
    }

    @Test
    void saysWhichRowsThereAreWhenOneIsMissing() {
        assertThatThrownBy(() -> pairs().row(4))
                .isInstanceOf(UsageException.class)
                .hasMessage("Row 4 does not exist; rows are counted from 0 to 3.");
        assertThatThrownBy(() -> pairs().select(-1)).hasMessageContaining("Row -1");
        assertThatThrownBy(() -> pairs().select().row(0)).hasMessageContaining("there are no rows");
    }

    @Test
    void saysWhichColumnWasMeant() {
        assertThatThrownBy(() -> pairs().column("Answr"))
                .isInstanceOf(UsageException.class)
                .hasMessage("Column \"Answr\" does not exist; did you mean \"answer\"?"
                        + " Columns present: question, answer.");
        assertThatThrownBy(() -> pairs().select().column("Answr")).hasMessageContaining("did you mean");
        assertThatThrownBy(() -> pairs().removeColumns("text"))
                .hasMessage("Column \"text\" does not exist. Columns present: question, answer.");
    }

    @Test
    void filtersRows() {
        Dataset filtered = pairs().filter(row -> !row.isNull("answer"));

        assertThat(filtered.column("question")).isEqualTo(List.of("a", "c", "d"));
    }

    @Test
    void choosesRemovesAndRenamesColumns() {
        Dataset dataset = pairs();

        assertThat(dataset.selectColumns("answer", "question").columnNames()).containsExactly("answer", "question");
        assertThat(dataset.removeColumns("question").columnNames()).containsExactly("answer");
        assertThat(dataset.renameColumn("question", "prompt").columnNames()).containsExactly("prompt", "answer");
        assertThat(dataset.select().renameColumn("question", "prompt").columnNames())
                .containsExactly("prompt", "answer");
        assertThatThrownBy(() -> dataset.renameColumn("question", "answer"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("\"answer\" exists already");
    }

    @Test
    void iteratesOverMoreRowsThanOneBatch() {
        Dataset numbers =
                Dataset.of(Map.of("i", IntStream.range(0, 2500).boxed().toList()));
        List<Long> seen = new ArrayList<>();

        for (Row row : numbers) {
            seen.add(row.getLong("i"));
        }

        assertThat(seen).hasSize(2500).isSorted().endsWith(2498L, 2499L);
    }

    static Dataset pairs() {
        Map<String, List<?>> columns = new LinkedHashMap<>();
        columns.put("question", List.of("a", "b", "c", "d"));
        columns.put("answer", Arrays.asList("1", null, "3", "4"));
        return Dataset.of(columns);
    }
}
