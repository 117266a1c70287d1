package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users read when a data file is wrong: whole sentences, with the place as an editor counts it. */
class DataFileErrorsTest {
    private static final Charset GB18030 = Charset.forName("GB18030");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            `a,b\\n1,2\\n3\\n`              | , line 3: expected 2 fields as in the header, found 1; put fields that hold commas in double quotes.
            `BOMa,b\\n1,2\\n3,4,5\\n`   | , line 3: expected 2 fields as in the header, found 3; put fields that hold commas in double quotes.
            `a,b\\r\\n"x\\r\\ny",2\\r\\n3`  | , line 4: expected 2 fields as in the header, found 1; put fields that hold commas in double quotes.
            `a,b,a\\n1,2,3`                 | ` has two columns named "a"; rename one in the header line.`
            `,Unnamed: 0\\n1,2`             | ` has two columns named "Unnamed: 0"; rename one in the header line.`
            `a,b\\n`                        | ` has no rows; give a file with data.`
            """)
    void csv(String text, String sentence) throws IOException {
        Path file = write("data.csv", text.replace("BOM", "\uFEFF").translateEscapes());

        assertThatThrownBy(() -> Dataset.load(file))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage("File " + file + sentence);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            `[{"a":1},\\n{"a":2}]\\n{"a":3}`  | 3 | expected nothing after the array
            `{"a":1}\\n2\\n`                  | 2 | `expected an object, which is one row`
            `{"a":1}\\n\\n["a"]\\n`           | 3 | `expected an object, which is one row`
            `[1]`                             | 1 | `expected an object, which is one row`
            """)
    void json(String text, int line, String what) throws IOException {
        Path file = write("data.json", text.translateEscapes());

        assertThatThrownBy(() -> Dataset.load(file))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage("File " + file + ", line " + line + ": " + what
                        + "; give a JSON array of objects or one object per line.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"a\": NaN}", "{\"a\": 'x'}", "{\"a\": 1,}", "{a: 1}", "{\"a\": \"x\ny\"}", "{\"a\": 01}"})
    void whatPythonWritesButJsonDoesNotKnowIsRefusedWithItsLine(String secondLine) throws IOException {
        Path file = write("data.jsonl", "{\"a\": 0}\n" + secondLine + "\n");

        assertThatThrownBy(() -> Dataset.load(file))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageStartingWith("File " + file + ", line 2: ")
                .hasMessageEndingWith("; give a JSON array of objects or one object per line.");
    }

    @Test
    void bytesOfNoEncodingAreNamedWithTheLineInEach() throws IOException {
        byte[] start = "ask\n高血压\n".getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(folder.resolve("mixed.csv"), concat(start, "㐀高\n".getBytes(GB18030), new byte[] {-1}));

        assertThatThrownBy(() -> Dataset.load(file))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageStartingWith("File " + file + " cannot be decoded: line 3 is not valid UTF-8 and line ")
                .hasMessageEndingWith(" is not valid GB18030; give its encoding with --encoding or save it as UTF-8.");
    }

    @Test
    void anEncodingThatWasAskedForIsTheOnlyOneTried() throws IOException {
        Path file = Files.write(folder.resolve("gbk.csv"), "ask\n高\n".getBytes(GB18030));

        assertThatThrownBy(() -> Dataset.load(TextEncoding.UTF_8, file))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage("File " + file + " cannot be decoded: line 2 is not valid UTF-8;"
                        + " give its encoding with --encoding or save it as UTF-8.");
        assertThat(Dataset.load(TextEncoding.GB18030, file).column("ask")).isEqualTo(List.of("高"));
    }

    @Test
    void anErrorBehindGb18030TextNamesTheLineToo() throws IOException {
        Path file = Files.write(folder.resolve("gbk.jsonl"), "{\"问\":\"答\"}\n{\"问\":}\n".getBytes(GB18030));

        assertThatThrownBy(() -> Dataset.load(file))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageStartingWith("File " + file + ", line 2: ");
    }

    @Test
    void theSecondOfTwoFilesIsNamedWhereItIsTheWrongOne() throws IOException {
        Path first = write("first.csv", "a\n1\n");
        Path second = write("second.csv", "a\n");

        assertThatThrownBy(() -> Dataset.load(first, second))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessage("File " + second + " has no rows; give a file with data.");
    }

    @Test
    void numbersThatJsonCannotExpressAreRefusedAtAnyDepth() {
        for (Object value : List.of(
                Float.NEGATIVE_INFINITY, List.of(1.0, Double.NaN), Map.of("a", List.of(Double.POSITIVE_INFINITY)))) {
            Dataset dataset = Dataset.of(Map.of("x", List.of(value)));
            Path file = folder.resolve("out.json");

            assertThatThrownBy(() -> dataset.saveJson(file))
                    .isExactlyInstanceOf(TrainerException.class)
                    .hasMessageMatching("Column \"x\" holds (-Infinity|NaN|Infinity), which JSON cannot express;"
                            + " replace it with map before saving\\.");
            assertThat(file).doesNotExist();
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
