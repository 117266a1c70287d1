package io.trainer4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextFileTest {
    private static final Charset GB18030 = Charset.forName("GB18030");
    private static final int LATE_LINE = 60_000;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(
            value = TextEncoding.class,
            names = {"AUTO", "GB18030"})
    void readsGb18030(TextEncoding encoding) throws IOException {
        // 㐀 and 😀 take four bytes in GB18030.
        Path file = file("ask\n高血压㐀😀\n".getBytes(GB18030));

        assertThat(Dataset.load(encoding, file).column("ask")).isEqualTo(List.of("高血压㐀😀"));
    }

    @ParameterizedTest
    @EnumSource(
            value = TextEncoding.class,
            names = {"AUTO", "UTF_8"})
    void readsUtf8AndDropsItsByteOrderMark(TextEncoding encoding) throws IOException {
        for (String mark : List.of("", "\uFEFF")) {
            Path file = file((mark + "ask\n高血压😀\n").getBytes(StandardCharsets.UTF_8));

            assertThat(Dataset.load(encoding, file).columnNames()).containsExactly("ask");
            assertThat(Dataset.load(encoding, file).column("ask")).isEqualTo(List.of("高血压😀"));
        }
    }

    @Test
    void prefersUtf8WhereBothFit() throws IOException {
        byte[] fitsBoth = "ask\n中文\n".getBytes(StandardCharsets.UTF_8);
        assertThat(new String(fitsBoth, GB18030)).doesNotContain("\uFFFD");

        assertThat(Dataset.load(file(fitsBoth)).column("ask")).isEqualTo(List.of("中文"));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, LATE_LINE})
    void namesTheLineOfTheFirstWrongBytes(int badLine) throws IOException {
        Path file = file(linesWith(badLine, new byte[] {(byte) 0xFF}, StandardCharsets.UTF_8));

        assertThatThrownBy(() -> Dataset.load(TextEncoding.UTF_8, file))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("data.csv")
                .hasMessageContaining("line " + badLine + " is not valid UTF-8")
                .hasMessageContaining("--encoding");
        assertThatThrownBy(() -> Dataset.load(TextEncoding.AUTO, file))
                .hasMessageContaining("line " + badLine + " is not valid UTF-8 and line ")
                .hasMessageContaining("is not valid GB18030");
        assertThatThrownBy(() -> Dataset.load(TextEncoding.GB18030, file)).hasMessageNotContaining("UTF-8 and");
    }

    @Test
    void noticesThatAFileIsNotUtf8AsLateAsItsLastLine() throws IOException {
        Path file = file(linesWith(LATE_LINE, "高".getBytes(GB18030), StandardCharsets.US_ASCII));

        assertThat(Dataset.load(file).row(LATE_LINE - 2).getString("ask")).isEqualTo("高");
    }

    @Test
    void refusesAFileThatEndsInsideACharacter() throws IOException {
        Path file = file(new byte[] {'a', '\n', (byte) 0xE9, (byte) 0xAB});

        assertThatThrownBy(() -> Dataset.load(TextEncoding.UTF_8, file)).hasMessageContaining("line 2");
    }

    @Test
    void saysWhatIsWrongWithThePath() {
        assertThatThrownBy(() -> Dataset.load(folder.resolve("none.csv")))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("none.csv does not exist");
        assertThatThrownBy(() -> Dataset.load(folder))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("not a regular file");
    }

    @Test
    void knowsEncodingsByTheNamesUsersWrite() {
        assertThat(List.of("AUTO", "UTF8", "gbk", "GB2312", "utf-8"))
                .extracting(TextEncoding::of)
                .containsExactly(
                        TextEncoding.AUTO,
                        TextEncoding.UTF_8,
                        TextEncoding.GB18030,
                        TextEncoding.GB18030,
                        TextEncoding.UTF_8);
        assertThatThrownBy(() -> TextEncoding.of("big5"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("big5");
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("data.csv"), bytes);
    }

    /** A header line and one cell per line up to the bad one, which is the last. */
    private static byte[] linesWith(int badLine, byte[] bad, Charset charset) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write("ask\n".getBytes(charset));
        for (int line = 2; line < badLine; line++) {
            bytes.write("text\n".getBytes(charset));
        }
        bytes.write(bad);
        bytes.write('\n');
        return bytes.toByteArray();
    }
}
