package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvInputTest {
    @TempDir
    private Path folder;

    @Test
    void readsTextAndLeavesEmptyCellsNull() throws IOException {
        Dataset dataset = csv("ask,answer,label\nNA,无,\n\"\", x ,0\n");

        assertThat(dataset.columnNames()).containsExactly("ask", "answer", "label");
        assertThat(dataset.column("ask")).isEqualTo(Arrays.asList("NA", null));
        assertThat(dataset.column("answer")).isEqualTo(List.of("无", " x "));
        assertThat(dataset.column("label")).isEqualTo(Arrays.asList(null, "0"));
    }

    @Test
    void readsQuotedLineBreaksCommasAndQuotes() throws IOException {
        Dataset dataset = csv("a,b\r\n\"one\r\ntwo\",\"x, \"\"y\"\"\"\r\n");

        assertThat(dataset.row(0).getString("a")).isEqualTo("one\r\ntwo");
        assertThat(dataset.row(0).getString("b")).isEqualTo("x, \"y\"");
    }

    @Test
    void takesAQuoteInsideAnUnquotedFieldAsText() throws IOException {
        assertThat(csv("a,b\nsays \"so\",6\"\n").row(0).toMap().values()).containsExactly("says \"so\"", "6\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b\n\n1,2\n   \n\r\n3,4", "\n\na,b\n1,2\n\n3,4\n\n", "a,b\r1,2\r3,4\r"})
    void skipsBlankLines(String text) throws IOException {
        assertThat(csv(text).column("b")).isEqualTo(List.of("2", "4"));
    }

    @Test
    void namesColumnsWithoutANameAsPandas() throws IOException {
        assertThat(csv(",a,\n0,x,y\n").columnNames()).containsExactly("Unnamed: 0", "a", "Unnamed: 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,b", "a,b\n", "\n\n"})
    void refusesAFileWithoutRows(String text) {
        assertThatThrownBy(() -> csv(text))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("data.csv has no rows");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,2,3", "1"})
    void namesTheLineOnWhichARecordOfTheWrongWidthStarts(String record) {
        assertThatThrownBy(() -> csv("a,b\n\"one\ntwo\",2\n\n" + record + "\n"))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining(
                        "data.csv, line 5: expected 2 fields as in the header, found " + record.split(",", -1).length);
    }

    @Test
    void namesTheLineOfAQuoteThatIsNotClosed() {
        assertThatThrownBy(() -> csv("a,b\n1,2\n3,\"open\n5,6\n"))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("data.csv")
                .hasMessageContaining("line 3")
                .hasMessageContaining("Unclosed quoted field");
    }

    @Test
    void namesTheLineOfTextAfterAClosingQuote() {
        assertThatThrownBy(() -> csv("a,b\n1,\"x\" y\n"))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("after closing quote");
    }

    @Test
    void refusesTwoColumnsOfOneName() {
        assertThatThrownBy(() -> csv("a,b,a\n1,2,3\n"))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("two columns named \"a\"");
    }

    private Dataset csv(String text) throws IOException {
        return Dataset.fromCsv(Files.writeString(folder.resolve("data.csv"), text));
    }
}
