package io.trainer4j.data;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How many rows {@link Cleaning} removed, and why.
 *
 * @param columns the required columns, the key first
 * @param rowsRead rows before cleaning
 * @param rowsKept rows after it
 * @param removed the rows removed by each rule that removed any
 */
public record CleaningReport(List<String> columns, int rowsRead, int rowsKept, Map<CleaningRule, Removed> removed) {

    public CleaningReport {
        columns = List.copyOf(columns);
        Map<CleaningRule, Removed> inOrder = new EnumMap<>(CleaningRule.class);
        inOrder.putAll(removed);
        removed = Collections.unmodifiableMap(inOrder);
    }

    /**
     * The rows one rule removed.
     *
     * @param rows how many
     * @param exampleRow the first of them, counted from 1 in the dataset that was cleaned
     * @param exampleText its required cells, shortened
     */
    public record Removed(int rows, int exampleRow, String exampleText) {
        Removed oneMore() {
            return new Removed(rows + 1, exampleRow, exampleText);
        }
    }

    /** How many rows a rule removed, 0 included. */
    public int removedBy(CleaningRule rule) {
        return removed.containsKey(rule) ? removed.get(rule).rows() : 0;
    }

    /** The report for people: a line of totals and a line per rule, the last without a line break. */
    public String describe() {
        StringBuilder text = new StringBuilder("Cleaning: " + rowsRead + " rows read, " + rowsKept
                + " kept; required columns: " + String.join(", ", columns));
        for (CleaningRule rule : CleaningRule.values()) {
            text.append("\n  ").append(removedBy(rule)).append(" removed: ").append(rule.description());
            if (removed.containsKey(rule)) {
                Removed rows = removed.get(rule);
                text.append("; the first is row ")
                        .append(rows.exampleRow())
                        .append(": ")
                        .append(rows.exampleText());
            }
        }
        return text.toString();
    }
}
