package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.data.CleaningReport.Removed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CleaningReportTest {
    @Test
    void rulesStandInTheirOrderWhateverTheOrderOfTheMap() {
        Map<CleaningRule, Removed> removed = new HashMap<>();
        removed.put(CleaningRule.DUPLICATE_KEY, new Removed(2, 9, "\"q\""));
        removed.put(CleaningRule.EMPTY_CELL, new Removed(1, 3, "(empty)"));

        CleaningReport report = new CleaningReport(List.of("ask"), 10, 7, removed);

        assertThat(report.removed().keySet()).containsExactly(CleaningRule.EMPTY_CELL, CleaningRule.DUPLICATE_KEY);
        assertThat(report.describe()).isEqualTo("""
                        Cleaning: 10 rows read, 7 kept; required columns: ask
                          1 removed: a required cell is empty; the first is row 3: (empty)
                          0 removed: a required cell is only white space
                          0 removed: all cells repeat an earlier row
                          2 removed: the first required cell repeats that of an earlier row, other cells differ; the first is row 9: "q\"""");
    }

    @Test
    void doesNotFollowLaterChanges() {
        List<String> columns = new ArrayList<>(List.of("ask"));
        Map<CleaningRule, Removed> removed = new HashMap<>();
        CleaningReport report = new CleaningReport(columns, 1, 1, removed);

        columns.add("answer");
        removed.put(CleaningRule.BLANK_TEXT, new Removed(1, 1, ""));

        assertThat(report.columns()).containsExactly("ask");
        assertThat(report.removedBy(CleaningRule.BLANK_TEXT)).isZero();
        assertThatThrownBy(() -> report.removed().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void theExampleIsTheFirstRowHoweverManyFollow() {
        Dataset rows = Dataset.of(Map.of("ask", List.of("q", " ", "\t", "line\nbreak " + "x".repeat(60), "q", "")));

        CleaningReport report = Cleaning.of("ask").clean(rows).report();

        assertThat(report.removed().get(CleaningRule.BLANK_TEXT)).isEqualTo(new Removed(3, 2, "\" \""));
        assertThat(report.removed().get(CleaningRule.DUPLICATE_ROW)).isEqualTo(new Removed(1, 5, "\"q\""));
        assertThat(report.rowsKept()).isEqualTo(2);
    }

    @Test
    void anEmptyDatasetIsReportedToo() {
        Dataset none = DatasetTest.pairs().select();

        assertThat(Cleaning.of("question", "answer").clean(none).report().describe())
                .startsWith("Cleaning: 0 rows read, 0 kept; required columns: question, answer\n  0 removed");
    }
}
