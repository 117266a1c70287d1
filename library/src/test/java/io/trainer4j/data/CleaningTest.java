package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.testing.SharedDir;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CleaningTest {
    @Test
    void removesEmptyBlankAndRepeatedRowsAndSaysWhichRuleDid() {
        Cleaned cleaned = Cleaning.of("ask", "answer").clean(dirty());

        assertThat(cleaned.dataset().column("id")).isEqualTo(List.of(1, 5, 7));
        CleaningReport report = cleaned.report();
        assertThat(report.rowsRead()).isEqualTo(8);
        assertThat(report.rowsKept()).isEqualTo(3);
        assertThat(report.removedBy(CleaningRule.EMPTY_CELL)).isEqualTo(2);
        assertThat(report.removed().get(CleaningRule.BLANK_TEXT))
                .isEqualTo(new CleaningReport.Removed(2, 4, "\"头痛\", \"\u3000\""));
        assertThat(report.removed().get(CleaningRule.DUPLICATE_KEY))
                .isEqualTo(new CleaningReport.Removed(1, 6, "\"发热\", \"另一个\""));
    }

    @Test
    void describesWhatItDid() {
        assertThat(Cleaning.of("ask", "answer")
                        .clean(dirty())
                        .report()
                        .describe()
                        .lines())
                .containsExactly(
                        "Cleaning: 8 rows read, 3 kept; required columns: ask, answer",
                        "  2 removed: a required cell is empty; the first is row 2: (empty), \"多喝水\"",
                        "  2 removed: a required cell is only white space; the first is row 4: \"头痛\", \"\u3000\"",
                        "  0 removed: all cells repeat an earlier row",
                        "  1 removed: the first required cell repeats that of an earlier row, other cells differ; the first is row 6:"
                                + " \"发热\", \"另一个\"");
    }

    @Test
    void reportsRulesThatRemovedNothing() {
        Dataset clean = Dataset.of(Map.of("text", List.of("a", "b"), "label", List.of(0L, 0L)));

        CleaningReport report = Cleaning.of("text", "label").clean(clean).report();

        assertThat(report.rowsKept()).isEqualTo(2);
        assertThat(report.removedBy(CleaningRule.DUPLICATE_KEY)).isZero();
        assertThat(report.describe())
                .endsWith("\n  0 removed: all cells repeat an earlier row"
                        + "\n  0 removed: the first required cell repeats that of an earlier row, other cells differ");
    }

    // "".join(chr(c) for c in range(0x110000) if chr(c).isspace()) of Python 3.11
    @Test
    void knowsTheWhiteSpaceThatPythonStrips() {
        String spaces = "\t\n\u000b\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
                + "\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";
        Dataset dataset = Dataset.of(Map.of("text", List.of(spaces, "\u200b", "\ufeff")));

        Cleaned cleaned = Cleaning.of("text").clean(dataset);

        assertThat(cleaned.dataset().column("text")).isEqualTo(List.of("\u200b", "\ufeff"));
    }

    @Test
    void takesTheFirstCleanRowOfAKey() {
        Map<String, List<?>> columns = new LinkedHashMap<>();
        columns.put("ask", List.of("q", "q"));
        columns.put("answer", Arrays.asList(null, "a"));

        assertThat(Cleaning.of("ask", "answer")
                        .clean(Dataset.of(columns))
                        .dataset()
                        .column("answer"))
                .isEqualTo(List.of("a"));
    }

    @Test
    void tellsARepeatedRowFromARepeatedKey() {
        Map<String, List<?>> columns = new LinkedHashMap<>();
        columns.put("ask", List.of("q", "q", "q"));
        columns.put("answer", List.of("a", "a", "a"));
        columns.put("department", List.of("x", "y", "x"));

        CleaningReport report =
                Cleaning.of("ask", "answer").clean(Dataset.of(columns)).report();

        assertThat(report.removed().get(CleaningRule.DUPLICATE_KEY).exampleRow())
                .isEqualTo(2);
        assertThat(report.removed().get(CleaningRule.DUPLICATE_ROW).exampleRow())
                .isEqualTo(3);
    }

    @Test
    void refusesAColumnThatDoesNotExist() {
        assertThatThrownBy(() -> Cleaning.of("asks").clean(dirty()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("did you mean \"ask\"?");
    }

    // Counts and zlib.crc32 of the kept questions and answers by pandas 3.0.6: read_csv(encoding="gb18030"), dropna,
    // strip() != "" and drop_duplicates(subset="ask"); split by datasets 5.0.1 train_test_split(0.1, seed=42).
    @Test
    @Tag("conformance")
    void cleansARealFileAsPandas() {
        Dataset dataset = Dataset.fromCsv(SharedDir.require("data/medical/toyhom-gb18030.csv"));

        Cleaned cleaned = Cleaning.of("ask", "answer").clean(dataset);

        assertThat(cleaned.report().rowsRead()).isEqualTo(7644);
        assertThat(cleaned.report().rowsKept()).isEqualTo(7237);
        assertThat(cleaned.report().removedBy(CleaningRule.DUPLICATE_ROW)).isEqualTo(378);
        assertThat(cleaned.report().removedBy(CleaningRule.DUPLICATE_KEY)).isEqualTo(29);
        assertThat(Crc.ofCells(cleaned.dataset().selectColumns("ask", "answer")))
                .isEqualTo(750546040L);
        DatasetSplit split = cleaned.dataset().trainTestSplit(0.1);
        assertThat(split.train().size()).isEqualTo(6513);
        assertThat(split.test().row(0).getString("ask")).startsWith("这次单位健康检查的时候，我查出来有高血压。");
    }

    private static Dataset dirty() {
        Map<String, List<?>> columns = new LinkedHashMap<>();
        columns.put("id", List.of(1, 2, 3, 4, 5, 6, 7, 8));
        columns.put("ask", Arrays.asList("失眠", null, "咳嗽", "头痛", "发热", "发热", "无", " \u00a0"));
        columns.put("answer", Arrays.asList("早睡", "多喝水", null, "\u3000", "休息", "另一个", "无", "好"));
        return Dataset.of(columns);
    }
}
