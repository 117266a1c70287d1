package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.data.Dataset;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowsTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void rowsAreCleanedAndTheReportTold() {
        Path file = Cli.lines(folder.resolve("qa.csv"), "Question,Answer", "甲,一", "甲,二", ",三", "乙,  ", "丙,四");
        assertThat(read(file).column("Question")).isEqualTo(List.of("甲", "丙"));
        assertThat(told().lines())
                .containsExactly(
                        "Cleaning: 5 rows read, 2 kept; required columns: Question, Answer",
                        "  1 removed: a required cell is empty; the first is row 3: (empty), \"三\"",
                        "  1 removed: a required cell is only white space; the first is row 4: \"乙\", \"  \"",
                        "  0 removed: all cells repeat an earlier row",
                        "  1 removed: the first required cell repeats that of an earlier row, other cells differ; the first is row 2: \"甲\", \"二\"");
    }

    @Test
    void noCleanLeavesTheRowsAlone() {
        Path file = Cli.lines(folder.resolve("qa.csv"), "Question,Answer", "甲,一", "甲,二", ",三");
        assertThat(read(file, "--no-clean").size()).isEqualTo(3);
        assertThat(told()).isEmpty();
    }

    @Test
    void severalFilesAreOneSetOfRows() {
        Path first = Cli.lines(folder.resolve("a.csv"), "Question,Answer", "甲,一");
        Path second = Cli.lines(folder.resolve("b.jsonl"), "{\"Question\": \"甲\", \"Answer\": \"二\"}");
        Dataset rows = rows().read(List.of(first, second));
        assertThat(rows.column("Answer")).isEqualTo(List.of("一"));
        assertThat(told()).contains("2 rows read, 1 kept");
    }

    @Test
    void columnsAreThoseGivenOrTheFirstPairThatIsThere() {
        Path trl = Cli.lines(folder.resolve("trl.csv"), "prompt,completion,x", "甲,一,乙");
        assertThat(rows().keyColumn(read(trl))).isEqualTo("prompt");
        assertThat(rows().otherColumns(read(trl))).containsExactly("completion");
        assertThat(rows("--prompt-column", "x").keyColumn(read(trl))).isEqualTo("x");
        String task = "--task=sequence-classification";
        assertThat(rows(task).keyColumn(read(trl))).isEqualTo("text");
        assertThat(rows(task, "--label-column", "x").otherColumns(read(trl))).containsExactly("x");
    }

    @Test
    void aColumnThatIsNotThereIsRefusedWithThoseThatAre() {
        Path file = Cli.lines(folder.resolve("qa.csv"), "title,ask,answer", "a,b,c");
        assertThatThrownBy(() -> read(file, "--prompt-column", "ask"))
                .isInstanceOf(UsageException.class)
                .hasMessage("There is no column \"Answer\" in " + file
                        + "; choose one with --completion-column: title, ask, answer.");
        assertThatThrownBy(() -> read(file, "--task", "sequence-classification", "--text-column", "ask"))
                .hasMessageContaining("\"label\"")
                .hasMessageContaining("--label-column");
        assertThat(told()).isEmpty();
    }

    @Test
    void whenNothingIsLeftTheColumnsAreSuspected() {
        Path file = Cli.lines(folder.resolve("qa.csv"), "Question,Answer", "甲,", "乙,");
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Cleaning leaves no rows of " + file)
                .hasMessageContaining("--no-clean");
    }

    @Test
    void theEncodingIsFoundOrGiven() {
        Path file =
                Cli.bytes(folder.resolve("gb.csv"), "Question,Answer\n糖尿病,少吃糖\n".getBytes(Charset.forName("GB18030")));
        assertThat(read(file).column("Question")).isEqualTo(List.of("糖尿病"));
        assertThat(read(file, "--encoding", "gbk").column("Answer")).isEqualTo(List.of("少吃糖"));
        assertThatThrownBy(() -> read(file, "--encoding", "utf-8")).hasMessageContaining("line 2 is not valid UTF-8");
    }

    /** {@code Dataset.train_test_split(0.2, seed=42)} and {@code train_test_split(test_size=0.2, random_state=42)}. */
    @Test
    void rowsAreHeldOutAsPythonDoes() {
        Dataset rows = read(Cli.questions(folder.resolve("qa.csv")));
        assertThat(rows().split(rows, finetune()).test().column("Question")).isEqualTo(List.of("问6？", "问7？"));
        assertThat(rows().split(rows, finetune("--split-method", "sklearn"))
                        .test()
                        .column("Question"))
                .isEqualTo(List.of("问9？", "问2？"));
        assertThat(rows().split(rows, finetune("--test-size", "3")).test().size())
                .isEqualTo(3);
    }

    private static FinetuneOptions finetune(String... words) {
        String[] all = Cli.words(List.of("--model", "m", "--train-file", "f"), List.of(words));
        return Arguments.parse(new FinetuneCommand(), List.of(all)).as(new FinetuneOptions());
    }

    private Dataset read(Path file, String... words) {
        return rows(words).read(List.of(file));
    }

    private Rows rows(String... words) {
        DataOptions options =
                Arguments.parse(new FinetuneCommand(), List.of(words)).as(new DataOptions());
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Rows(options, new Terminal(InputStream.nullInputStream(), System.out, stream, false));
    }

    private String told() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
