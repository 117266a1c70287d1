package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.train.RunPlan;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedRowsTest {
    private static final MaxLength FOUR = MaxLength.of(4, false, ModelConfig.qwen2(300, 16, 16, 1, 2, 1, 8, 299, 297));

    /** The labels of a row, and how many tokens of it were cut off. */
    private record Given(String name, int cut, int... labels) {}

    private static Dataset rows(Given... given) {
        Map<String, List<?>> columns = new LinkedHashMap<>();
        columns.put("q", Arrays.stream(given).map(Given::name).toList());
        columns.put(
                "input_ids",
                Arrays.stream(given)
                        .map(row -> IntStream.range(0, row.labels().length).toArray())
                        .toList());
        columns.put("labels", Arrays.stream(given).map(Given::labels).toList());
        columns.put(
                EncodedRows.CUT,
                Arrays.stream(given).map(row -> (long) row.cut()).toList());
        return Dataset.of(columns);
    }

    @Test
    void rowsWithoutATargetAreLeftOutAndTheRestIsCounted() {
        Dataset rows = rows(
                new Given("a", 0, -100, 5, 6),
                new Given("long prompt of more than twenty letters", 3, -100, -100, -100, -100),
                new Given("b", 2, -100, -100, 5, 6),
                new Given("first token only", 0, 5, -100));
        EncodedRows seen = EncodedRows.of(rows, "q", FOUR, false);

        assertThat(seen.kept().column("q")).isEqualTo(List.of("a", "b"));
        assertThat(seen).hasToString("2 rows, 7 tokens, longest 4, 1 rows cut by 2 tokens");
        assertThat(seen.leftOut("rows"))
                .contains(
                        new RunPlan.Item(
                                "left out",
                                "2 of the rows, the first: \"long prompt of more …\"",
                                "their prompt fills --max-length or their completion is empty, so nothing of them can be trained"));
    }

    @Test
    void whereAllRowsHaveATargetNoneIsLeftOut() {
        Dataset rows = rows(new Given("a", 0, -100, 5));
        EncodedRows seen = EncodedRows.of(rows, "q", FOUR, false);

        assertThat(seen.kept().columnNames()).isEqualTo(rows.columnNames());
        assertThat(seen.kept().column("q")).isEqualTo(rows.column("q"));
        assertThat(seen.leftOut("rows")).isEmpty();
        assertThat(seen).hasToString("1 rows, 2 tokens, longest 2, none cut");
    }

    @Test
    void packsOfTrlKeepThemAll() {
        Dataset rows = rows(new Given("a", 3, -100, -100), new Given("b", 0, -100, 5));
        EncodedRows seen = EncodedRows.of(rows, "q", FOUR, true);

        assertThat(seen.kept().columnNames()).isEqualTo(rows.columnNames());
        assertThat(seen.kept().column("q")).isEqualTo(rows.column("q"));
        assertThat(seen.leftOut("rows")).isEmpty();
    }

    @Test
    void whereNothingIsLeftTheFirstRowIsNamedWithTheWayOut() {
        assertRefused(new Given("a", 3, -100, -100, -100, -100), "the 4 tokens of --max-length; set --max-length 7.");
        assertRefused(new Given("a", 9, -100, -100, -100, -100), "the 4 tokens of --max-length; shorten the prompts.");
        assertRefused(new Given("a", 0, -100, -100), "its completion is empty; fill the cells.");
    }

    private static void assertRefused(Given row, String wayOut) {
        assertThatThrownBy(() -> EncodedRows.of(rows(row), "q", FOUR, false))
                .isInstanceOf(TrainerException.class)
                .hasMessageStartingWith("In every row nothing is left to train on, beginning with \"a\": ")
                .hasMessageEndingWith(wayOut);
    }

    @Test
    void blocksOfTextsHaveNeitherLabelsNorCuts() {
        Dataset blocks = Dataset.of(Map.of("input_ids", List.of(new int[4], new int[4])));
        assertThat(EncodedRows.of(blocks, "q", FOUR, false)).hasToString("2 rows, 8 tokens, longest 4, none cut");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 17_000_000})
    void everyRowIsEncodedOnce(int length) {
        AtomicInteger encoded = new AtomicInteger();
        Dataset rows = Dataset.of(Map.of("q", List.of("a"))).mapRows(row -> {
            encoded.incrementAndGet();
            return Map.of("input_ids", new int[length]);
        });
        Dataset kept = EncodedRows.of(rows, "q", FOUR, false).kept();
        assertThat(kept.row(0).getInts("input_ids")).hasSize(length);
        assertThat(kept.columnNames()).containsExactly("q", "input_ids");
        assertThat(encoded).hasValue(1);
    }
}
