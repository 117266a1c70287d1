package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetMapTest {
    private final List<List<String>> calls = new ArrayList<>();

    @Test
    void addsAndReplacesColumns() {
        Dataset mapped = DatasetTest.pairs()
                .map(batch -> Columns.of("question", upper(batch)).and("length", lengths(batch)));

        assertThat(mapped.columnNames()).containsExactly("question", "answer", "length");
        assertThat(mapped.column("question")).isEqualTo(List.of("A", "B", "C", "D"));
        assertThat(mapped.row(1).getLong("length")).isEqualTo(1);
    }

    @Test
    void callsTheFunctionOnceForJustTheRowsAskedFor() {
        Dataset mapped = DatasetTest.pairs().map(this::recorded);
        assertThat(calls).isEmpty();

        Batch batch = mapped.select(3, 2, 1).rows(0, 2);

        assertThat(calls).containsExactly(List.of("d", "b"));
        assertThat(batch.column("upper")).isEqualTo(List.of("D", "B"));
    }

    @Test
    void keepsNoResults() {
        Dataset mapped = DatasetTest.pairs().map(this::recorded);

        mapped.row(0);
        mapped.row(0);

        assertThat(calls).containsExactly(List.of("a"), List.of("a"));
    }

    @Test
    void callsTheFunctionForAThousandRowsAtATimeWhenAllAreRead() {
        List<String> texts =
                IntStream.range(0, 2500).mapToObj(Integer::toString).toList();

        List<?> upper = Dataset.of(Map.of("question", texts))
                .map(this::recorded)
                .filter(row -> row.getLong("upper") % 2 == 0)
                .select(0, 1249)
                .removeColumns("upper")
                .column("question");

        assertThat(upper).isEqualTo(List.of("0", "2498"));
        assertThat(calls.stream().map(List::size)).startsWith(1000, 1000, 500);
    }

    @Test
    void appliesFunctionsAndColumnChangesInTheOrderGiven() {
        Dataset mapped = DatasetTest.pairs()
                .map(batch -> Columns.of("upper", upper(batch)))
                .renameColumn("upper", "first")
                .selectColumns("first")
                .map(batch -> Columns.of(
                        "second",
                        batch.strings("first").stream().map(s -> s + s).toList()));

        assertThat(mapped.row(2).toMap()).isEqualTo(Map.of("first", "C", "second", "CC"));
    }

    @Test
    void mapsSingleRows() {
        Dataset mapped =
                DatasetTest.pairs().mapRows(row -> Map.of("both", row.get("question") + "/" + row.get("answer")));

        assertThat(mapped.column("both")).isEqualTo(List.of("a/1", "b/null", "c/3", "d/4"));
    }

    @Test
    void refusesAnythingButOneValuePerRow() {
        Dataset mapped = DatasetTest.pairs().map(batch -> Columns.of("x", List.of(1)));

        assertThatThrownBy(() -> mapped.rows(0, 1))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("returned 1 values for column \"x\" of a batch of 2 rows");
    }

    @Test
    void doesNotCallTheFunctionWithoutRows() {
        Dataset mapped = DatasetTest.pairs().map(this::recorded).select();

        assertThat(mapped.columnNames()).containsExactly("question", "answer");
        assertThat(mapped.iterator()).isExhausted();
        assertThat(calls).isEmpty();
    }

    private Columns recorded(Batch batch) {
        calls.add(batch.strings("question"));
        return Columns.of("upper", upper(batch));
    }

    private static List<String> upper(Batch batch) {
        return batch.strings("question").stream()
                .map(s -> s.toUpperCase(Locale.ROOT))
                .toList();
    }

    private static List<Integer> lengths(Batch batch) {
        return batch.strings("question").stream().map(String::length).toList();
    }
}
