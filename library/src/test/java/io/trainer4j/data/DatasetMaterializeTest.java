package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetMaterializeTest {
    private static final int ROWS = 10 * BatchesAhead.ROWS + 7;

    /** Rows 0, 1, 2 ... with a text. */
    private static Dataset numbers() {
        return Dataset.of(Map.of(
                "text", IntStream.range(0, ROWS).mapToObj(i -> "row " + i).toList()));
    }

    private static long number(Row row) {
        return Long.parseLong(row.getString("text").substring(4));
    }

    /** One cell of every kind a function may return. */
    private static Map<String, Object> cells(Row row) {
        long n = number(row);
        Map<String, Object> cells = new LinkedHashMap<>();
        cells.put(
                "input_ids",
                IntStream.range(0, (int) n % 9).map(i -> (int) n * 1000).toArray());
        cells.put("labels", new int[] {-100, (int) n});
        cells.put("score", n / 3.0);
        cells.put("targets", new float[] {n, 0.5f});
        cells.put("cut", (int) n);
        cells.put("n", n);
        cells.put("even", n % 2 == 0);
        cells.put("turns", List.of(Map.of("role", "user", "content", "a" + n)));
        cells.put("none", null);
        return cells;
    }

    @ParameterizedTest
    @CsvSource({"1, 1000000", "3, 1000000", "1, 0", "3, 0", "3, 5000"})
    void theRowsAreThoseOfOneThreadInMemoryAndOnDisk(int threads, long mostInMemory) {
        Dataset mapped = numbers().mapRows(DatasetMaterializeTest::cells);
        List<Long> seen = new ArrayList<>();
        Dataset kept = mapped.materialize(
                row -> {
                    seen.add(number(row));
                    return number(row) % 5 != 0;
                },
                threads,
                mostInMemory);

        Dataset expected = mapped.filter(row -> number(row) % 5 != 0);
        assertThat(seen).hasSize(ROWS).isSorted();
        assertThat(kept.columnNames()).isEqualTo(expected.columnNames());
        for (String name : kept.columnNames()) {
            assertThat(kept.column(name).toArray())
                    .as(name)
                    .isEqualTo(expected.column(name).toArray());
        }
        assertThat(kept.row(7).toMap().get("text")).isEqualTo("row 9");
    }

    @Test
    void everyFunctionIsCalledOnceForARow() {
        AtomicInteger calls = new AtomicInteger();
        Dataset kept = numbers()
                .mapRows(row -> Map.of("n", (long) calls.incrementAndGet()))
                .materialize(row -> true);
        kept.row(0);
        kept.column("n");
        assertThat(calls).hasValue(ROWS);
    }

    @Test
    void severalThreadsAreAtWorkAtOnce() {
        CyclicBarrier both = new CyclicBarrier(2);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Dataset mapped = Dataset.of(Map.of("text", numbers().column("text").subList(0, 2 * BatchesAhead.ROWS)))
                .map(batch -> {
                    threads.add(Thread.currentThread());
                    meet(both);
                    return batch;
                });
        mapped.materialize(row -> true, 2, 0);
        assertThat(threads).hasSize(2).doesNotContain(Thread.currentThread());
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theFirstBadRowIsNamedWhicheverFailsFirst() {
        AtomicInteger working = new AtomicInteger();
        int last = 3 * BatchesAhead.ROWS;
        Dataset bad = numbers().mapRows(row -> {
            working.incrementAndGet();
            try {
                if (number(row) >= 5) {
                    throw new TrainerException("Row " + number(row) + " is bad; mend it.");
                }
                return Map.of();
            } finally {
                working.decrementAndGet();
            }
        });
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> bad.select(IntStream.range(0, last)).materialize(row -> true, 3, 0))
                    .isInstanceOf(TrainerException.class)
                    .hasMessage("Row 5 is bad; mend it.");
            assertThat(working).hasValue(0);
        }
    }

    @Test
    void noMoreIsComputedAheadThanThreadsCanTake() {
        AtomicInteger computed = new AtomicInteger();
        int threads = 2;
        Dataset mapped = numbers().mapRows(row -> {
            computed.incrementAndGet();
            return Map.of();
        });
        int[] given = {0};
        mapped.materialize(
                row -> {
                    int batches = given[0]++ / BatchesAhead.ROWS + 1;
                    assertThat(computed.get()).isLessThanOrEqualTo((batches + 2 * threads) * BatchesAhead.ROWS);
                    return true;
                },
                threads,
                0);
    }

    @Test
    void aConditionThatFailsEndsIt() {
        Dataset mapped = numbers().mapRows(DatasetMaterializeTest::cells);
        assertThatThrownBy(() -> mapped.materialize(
                        row -> {
                            throw new UsageException("No.");
                        },
                        2,
                        0))
                .hasMessage("No.");
    }

    @Test
    void whereNoRowIsLeftTheColumnsAre() {
        Dataset none = numbers().mapRows(DatasetMaterializeTest::cells).materialize(row -> false);
        assertThat(none.size()).isZero();
        assertThat(none.columnNames()).contains("text", "input_ids");
        assertThat(none.materialize(row -> true).columnNames()).isEqualTo(none.columnNames());
    }

    @Test
    void renamedAndChosenColumnsStayWhereTheyAre() {
        Dataset rows = numbers().mapRows(row -> Map.of("n", number(row))).renameColumn("text", "q");
        Dataset kept = rows.select(5, 3, 3).materialize(row -> true, 1, 0);
        assertThat(kept.column("q")).isEqualTo(List.of("row 5", "row 3", "row 3"));
        assertThat(kept.column("n")).isEqualTo(List.of(5L, 3L, 3L));
        assertThat(kept.select(2, 0).column("q")).isEqualTo(List.of("row 3", "row 5"));
    }

    @Test
    void aColumnThatIsTakenOverForSomeRowsOnlyIsKept() {
        Dataset rows = numbers()
                .map(batch -> number(batch.row(0)) < 64
                        ? batch
                        : Columns.of(
                                "text",
                                batch.strings("text").stream().map(t -> t + "!").toList()));
        List<String> expected = IntStream.range(0, ROWS)
                .mapToObj(i -> "row " + i + (i < 64 ? "" : "!"))
                .toList();
        assertThat(rows.materialize(row -> true, 2, 1000).column("text")).isEqualTo(expected);
    }

    @Test
    void columnsThatDifferBetweenRowsAreRefused() {
        Dataset rows = numbers().map(batch -> Columns.of(number(batch.row(0)) == 0 ? "a" : "b", batch.column("text")));
        assertThatThrownBy(() -> rows.materialize(row -> true))
                .isInstanceOf(UsageException.class)
                .hasMessage("Mapped functions returned the columns text, a for some rows and text, b for others;"
                        + " return the same columns for every row.");
    }

    @Test
    void aCellNoFileCanKeepIsRefused() {
        Dataset rows = numbers().mapRows(row -> Map.of("x", new StringBuilder("a")));
        assertThatThrownBy(() -> rows.materialize(row -> true, 1, 0))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("of type StringBuilder");
    }

    @Test
    void columnsNobodyLooksAtAreNotRead() {
        List<Object> unreadable = new java.util.AbstractList<>() {
            @Override
            public Object get(int index) {
                throw new IllegalStateException("read");
            }

            @Override
            public int size() {
                return 2;
            }
        };
        Map<String, List<?>> columns = new LinkedHashMap<>();
        columns.put("text", unreadable);
        columns.put("input_ids", Arrays.asList(new int[] {1}, new int[] {2}));
        Dataset rows = Dataset.ofOwned(columns);
        Stream.of(
                        rows,
                        rows.mapRows(row -> Map.of("n", row.getInts("input_ids").length))
                                .materialize(row -> row.getInts("input_ids")[0] > 0))
                .forEach(dataset -> assertThat(dataset.column("input_ids")).hasSize(2));
    }
}
