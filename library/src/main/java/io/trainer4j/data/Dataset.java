package io.trainer4j.data;

import io.trainer4j.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An immutable table of named columns, as {@code datasets.Dataset} of Python.
 *
 * <p>Rows of files of more than 32 MiB together stay on disk, in temporary files that vanish with the dataset or the
 * process, and are read when they are asked for: in memory a cell takes 8 bytes then.
 *
 * <p>A cell is a {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@code int[]}, {@code List}, {@code
 * Map} or null; CSV cells are strings, or null where empty. Every operation returns a new dataset that shares the
 * values: a choice of rows costs one number per row, and a mapped function is called for just the rows that are asked
 * for, each time they are, nothing being kept until {@link #materialize}.
 */
public final class Dataset implements Iterable<Row> {
    /** Rows per call of a mapped function when all rows are read; the default of Python's {@code Dataset.map}. */
    private static final int BATCH_ROWS = 1000;

    /** 64 MiB: some millions of tokens, and a small part of what training takes. */
    private static final long MOST_KEPT_BYTES = 1 << 26;

    private final Map<String, List<?>> held;
    private final int[] order;
    private final List<UnaryOperator<Batch>> steps;

    private Dataset(Map<String, List<?>> held, int[] order, List<UnaryOperator<Batch>> steps) {
        this.held = held;
        this.order = order;
        this.steps = steps;
    }

    /**
     * Reads CSV files with a header line, appended in the order given; the encoding is detected.
     *
     * @throws io.trainer4j.TrainerException naming file and line, when a file cannot be read as CSV, has no rows, or has
     *     other columns than the first
     */
    public static Dataset fromCsv(Path... files) {
        return DatasetFiles.read(FileFormat.CSV, TextEncoding.AUTO, files);
    }

    /**
     * Reads files that hold a JSON array of objects or JSON Lines, appended in the order given; columns are the union
     * of the keys, and a missing key is null.
     *
     * @throws io.trainer4j.TrainerException naming file and line, when a file is neither, has no rows, or has other
     *     columns than the first
     */
    public static Dataset fromJson(Path... files) {
        return DatasetFiles.read(FileFormat.JSON, TextEncoding.AUTO, files);
    }

    /** Reads files of any of the formats, encoding detected; see {@link #load(TextEncoding, Path...)}. */
    public static Dataset load(Path... files) {
        return load(TextEncoding.AUTO, files);
    }

    /**
     * Reads CSV, JSON or JSON Lines files, appended in the order given. The format is told by the first character that
     * is not white space: {@code [} or an opening brace is JSON, anything else CSV; file names do not matter.
     *
     * @throws io.trainer4j.TrainerException naming file and line, when a file cannot be read, has no rows, or has other
     *     columns than the first
     */
    public static Dataset load(TextEncoding encoding, Path... files) {
        return DatasetFiles.read(FileFormat.BY_CONTENT, encoding, files);
    }

    /**
     * A dataset of values in memory; the lists are copied.
     *
     * @throws UsageException when there is no column or the lists differ in length
     */
    public static Dataset of(Map<String, ? extends List<?>> columns) {
        Map<String, List<?>> copy = new LinkedHashMap<>();
        columns.forEach((name, values) -> copy.put(name, new ArrayList<>(values)));
        return ofOwned(copy);
    }

    /** Takes ownership of the map and its lists. */
    static Dataset ofOwned(Map<String, List<?>> columns) {
        if (columns.isEmpty()) {
            throw new UsageException("A dataset needs at least one column.");
        }
        int size = columns.values().iterator().next().size();
        columns.forEach((name, values) -> {
            if (values.size() != size) {
                throw new UsageException("Column \"" + name + "\" has " + values.size() + " values, the first column "
                        + size + "; give one value per row in every column.");
            }
        });
        return new Dataset(columns, IntStream.range(0, size).toArray(), List.of());
    }

    /** Number of rows. */
    public int size() {
        return order.length;
    }

    /** Column names in order; runs mapped functions on the first row, or not at all where there are no rows. */
    public List<String> columnNames() {
        return (size() == 0 ? rows() : rows(0)).columnNames();
    }

    /**
     * One row, counted from 0.
     *
     * @throws UsageException when there is no such row
     */
    public Row row(int index) {
        return rows(index).row(0);
    }

    /**
     * The rows asked for, in that order; each mapped function is called once, for all of them.
     *
     * @param indices row numbers from 0; repetitions are allowed
     * @throws UsageException when there is no such row
     */
    public Batch rows(int... indices) {
        int[] places = places(indices);
        Map<String, List<?>> chosen = new LinkedHashMap<>();
        held.forEach((name, values) -> chosen.put(name, new ChosenCells(values, places)));
        Batch batch = new Batch(chosen, indices.length);
        for (UnaryOperator<Batch> step : steps) {
            batch = step.apply(batch);
        }
        return batch;
    }

    /**
     * All values of a column, nulls included.
     *
     * @throws UsageException when the column does not exist
     */
    public List<?> column(String name) {
        List<Object> cells = new ArrayList<>(size());
        batches().forEach(batch -> cells.addAll(batch.column(name)));
        return Collections.unmodifiableList(cells);
    }

    /** The rows in order; mapped functions are called for 1,000 rows at a time. */
    @Override
    public Iterator<Row> iterator() {
        return batches()
                .flatMap(batch -> IntStream.range(0, batch.size()).mapToObj(batch::row))
                .iterator();
    }

    /**
     * The rows asked for, in that order.
     *
     * @param indices row numbers from 0; repetitions are allowed
     * @throws UsageException when there is no such row
     */
    public Dataset select(int... indices) {
        return new Dataset(held, places(indices), steps);
    }

    /** Where the rows' cells are in the columns held. */
    private int[] places(int... indices) {
        int[] places = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            places[i] = order[Indices.check(indices[i], order.length)];
        }
        return places;
    }

    /** As {@link #select(int...)}, for example {@code select(IntStream.range(0, 100))}. */
    public Dataset select(IntStream indices) {
        return select(indices.toArray());
    }

    /** The rows for which the condition holds; mapped functions are called once now, for every row. */
    public Dataset filter(Predicate<Row> condition) {
        int[] chosen = new int[size()];
        int count = 0;
        int index = 0;
        for (Row row : this) {
            if (condition.test(row)) {
                chosen[count++] = index;
            }
            index++;
        }
        return select(Arrays.copyOf(chosen, count));
    }

    /**
     * All rows in the random order of Python's {@code Dataset.shuffle(seed=seed)}.
     *
     * @param seed 0 or more
     */
    public Dataset shuffle(long seed) {
        return select(NumpyPermutation.of(size(), new Pcg64(seed)));
    }

    /**
     * A dataset whose rows also have the columns the function returns, as {@code Dataset.map(batched=True)} of Python;
     * a column of the same name is replaced.
     *
     * <p>The function is called lazily, with any number of rows from 1 on and in any order, so what it returns for a
     * row must depend on that row only. It must return one value per row, else a {@link UsageException} follows.
     */
    public Dataset map(Function<Batch, ? extends Columns> function) {
        return with(batch -> batch.size() == 0 ? batch : batch.with(function.apply(batch)));
    }

    /** As {@link #map}, for a function of one row: returns the cells to add, under the same names for every row. */
    public Dataset mapRows(Function<Row, ? extends Map<String, ?>> function) {
        return map(batch -> {
            Map<String, List<Object>> added = new LinkedHashMap<>();
            for (Row row : batch) {
                function.apply(row)
                        .forEach((name, value) -> added.computeIfAbsent(name, n -> new ArrayList<>())
                                .add(value));
            }
            return () -> added;
        });
    }

    /**
     * These rows as mapped functions compute them, computed once and kept: what {@code Dataset.map} of Python keeps in its
     * cache. Up to 64 MiB of computed cells stay in memory, more go to temporary files that vanish with the dataset or the
     * process; cells that no function changed stay where they are.
     *
     * <p>Mapped functions are called by as many threads as there are cores, for a few rows at a time, and must allow that;
     * the rows are those that one thread would compute, and so is the first failure. No function runs any more when this
     * returns or fails.
     *
     * @param condition rows to keep; called in order, once for each row, by the calling thread
     * @throws io.trainer4j.TrainerException when a temporary file cannot be written
     */
    public Dataset materialize(Predicate<Row> condition) {
        return materialize(condition, Runtime.getRuntime().availableProcessors(), MOST_KEPT_BYTES);
    }

    /**
     * As {@link #materialize(Predicate)}.
     *
     * @param mostInMemory bytes of computed cells up to which they are kept in memory
     */
    Dataset materialize(Predicate<Row> condition, int threads, long mostInMemory) {
        if (size() == 0) {
            return this;
        }
        KeptRows kept = new KeptRows(mostInMemory);
        try (BatchesAhead batches = new BatchesAhead(this, threads)) {
            for (int index = 0; batches.hasNext(); ) {
                Batch batch = batches.next();
                kept.begin(batch);
                for (int row = 0; row < batch.size(); row++, index++) {
                    if (condition.test(batch.row(row))) {
                        kept.add(row, order[index]);
                    }
                }
            }
        }
        return ofOwned(kept.columns());
    }

    /**
     * Only these columns, in this order.
     *
     * @throws UsageException when a column does not exist
     */
    public Dataset selectColumns(String... names) {
        requireColumns(names);
        return with(batch -> batch.keep(List.of(names)));
    }

    /**
     * All columns but these.
     *
     * @throws UsageException when a column does not exist
     */
    public Dataset removeColumns(String... names) {
        requireColumns(names);
        return with(batch -> {
            List<String> kept = new ArrayList<>(batch.columnNames());
            kept.removeAll(List.of(names));
            return batch.keep(kept);
        });
    }

    /**
     * The same columns with one renamed in place.
     *
     * @throws UsageException when the column does not exist or the new name does
     */
    public Dataset renameColumn(String from, String to) {
        requireColumns(from);
        ColumnNames.requireFree(to, columnNames());
        return with(batch -> batch.rename(from, to));
    }

    /** As {@link #trainTestSplit(double, long)} with seed 42. */
    public DatasetSplit trainTestSplit(double testSize) {
        return trainTestSplit(testSize, 42);
    }

    /** {@link #split} by {@link Split#datasets}. */
    public DatasetSplit trainTestSplit(double testSize, long seed) {
        return split(Split.datasets(testSize, seed));
    }

    /**
     * Divides the rows into train and test.
     *
     * @throws UsageException when a side would be empty
     */
    public DatasetSplit split(Split split) {
        int testRows = split.testRows(size());
        int[] shuffled = split.order(size());
        return new DatasetSplit(
                select(Arrays.copyOfRange(shuffled, testRows, shuffled.length)),
                select(Arrays.copyOf(shuffled, testRows)));
    }

    /**
     * Writes one JSON array of objects, indented by 2, as Python's {@code json.dump(rows, file, ensure_ascii=False,
     * indent=2)}. The file appears whole or not at all.
     *
     * @throws io.trainer4j.TrainerException when it cannot be written
     */
    public void saveJson(Path file) {
        JsonOutput.ARRAY.write(this, file);
    }

    /**
     * Writes one JSON object per line. The file appears whole or not at all.
     *
     * @throws io.trainer4j.TrainerException when it cannot be written
     */
    public void saveJsonLines(Path file) {
        JsonOutput.LINES.write(this, file);
    }

    /** All rows; at least one batch, which is empty where there are no rows. */
    private Stream<Batch> batches() {
        return IntStream.iterate(0, start -> start == 0 || start < size(), start -> start + BATCH_ROWS)
                .mapToObj(start -> rows(IntStream.range(start, Math.min(start + BATCH_ROWS, size()))
                        .toArray()));
    }

    private void requireColumns(String... names) {
        List<String> present = columnNames();
        for (String name : names) {
            ColumnNames.require(name, present);
        }
    }

    private Dataset with(UnaryOperator<Batch> step) {
        List<UnaryOperator<Batch>> all = new ArrayList<>(steps);
        all.add(step);
        return new Dataset(held, order, List.copyOf(all));
    }
}
