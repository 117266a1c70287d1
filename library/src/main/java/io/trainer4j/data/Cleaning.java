package io.trainer4j.data;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Removes rows that teach nothing, as Chinese fine-tuning tutorials do with pandas: {@code df.dropna(subset=columns)},
 * then rows whose text is empty after {@code strip()}, then {@code drop_duplicates(subset=key)}, which keeps the first.
 */
public final class Cleaning {
    private static final char NEXT_LINE = '\u0085';

    private final List<String> columns;

    private Cleaning(List<String> columns) {
        this.columns = columns;
    }

    /**
     * Rules for a question column and its answer, or for a text column and its label.
     *
     * @param keyColumn must be filled, and must not repeat an earlier row exactly
     * @param otherRequiredColumns must be filled too
     */
    public static Cleaning of(String keyColumn, String... otherRequiredColumns) {
        return new Cleaning(Stream.concat(Stream.of(keyColumn), Stream.of(otherRequiredColumns))
                .toList());
    }

    /**
     * Applies the rules to every row, in one pass; for each row about 64 bytes are kept while it runs, whatever its text.
     *
     * @throws io.trainer4j.UsageException when a column does not exist
     */
    public Cleaned clean(Dataset dataset) {
        dataset.selectColumns(columns.toArray(String[]::new)); // says which columns there are when one is missing
        Map<CleaningRule, CleaningReport.Removed> removed = new EnumMap<>(CleaningRule.class);
        RowDigests keys = new RowDigests();
        RowDigests rows = new RowDigests();
        IntStream.Builder kept = IntStream.builder();
        int index = 0;
        for (Row row : dataset) {
            Optional<CleaningRule> broken = brokenRule(row, keys, rows);
            if (broken.isPresent()) {
                CleaningReport.Removed first = new CleaningReport.Removed(1, index + 1, example(row));
                removed.merge(broken.get(), first, (before, now) -> before.oneMore());
            } else {
                kept.add(index);
            }
            index++;
        }
        Dataset clean = dataset.select(kept.build());
        return new Cleaned(clean, new CleaningReport(columns, index, clean.size(), removed));
    }

    private Optional<CleaningRule> brokenRule(Row row, RowDigests keys, RowDigests rows) {
        List<Object> cells = columns.stream().map(row::get).toList();
        if (cells.stream().anyMatch(Objects::isNull)) {
            return Optional.of(CleaningRule.EMPTY_CELL);
        }
        if (cells.stream().anyMatch(cell -> cell instanceof String text && isBlank(text))) {
            return Optional.of(CleaningRule.BLANK_TEXT);
        }
        boolean newRow = rows.add(row.columnNames().stream().map(row::get).toList());
        boolean newKey = keys.add(cells.get(0));
        if (newKey) {
            return Optional.empty();
        }
        return Optional.of(newRow ? CleaningRule.DUPLICATE_KEY : CleaningRule.DUPLICATE_ROW);
    }

    private String example(Row row) {
        return columns.stream()
                .map(column -> row.isNull(column)
                        ? "(empty)"
                        : '"' + Cell.shorten(row.get(column).toString()) + '"')
                .collect(Collectors.joining(", "));
    }

    /** White space as Python's {@code str.strip()} knows it: also no-break spaces and U+0085, unlike Java's. */
    private static boolean isBlank(String text) {
        return text.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE);
    }
}
