package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardInputTest {
    @Test
    void linesComeOneByOneWithoutTheirEnds() {
        StandardInput input = of("一\r\n\ntwo\rthree".getBytes(StandardCharsets.UTF_8));
        assertThat(input.line()).isEqualTo("一");
        assertThat(input.line()).isEmpty();
        assertThat(input.line()).isEqualTo("two");
        assertThat(input.line()).isEqualTo("three");
        assertThat(input.line()).isNull();
        assertThat(input.line()).isNull();
    }

    @Test
    void allIsEveryLine() {
        assertThat(of("a\r\nb".getBytes(StandardCharsets.UTF_8)).all()).isEqualTo("a\nb\n");
        assertThat(of(new byte[0]).all()).isEmpty();
        StandardInput rest = of("a\nb\nc".getBytes(StandardCharsets.UTF_8));
        rest.line();
        assertThat(rest.all()).isEqualTo("b\nc\n");
    }

    /** Programs of Windows put it before a text in UTF-8. */
    @Test
    void aByteOrderMarkIsNoPartOfTheText() {
        assertThat(of("\ufeff问？\n\ufeff".getBytes(StandardCharsets.UTF_8)).all())
                .isEqualTo("问？\n\ufeff\n");
        assertThat(of("\ufeff".getBytes(StandardCharsets.UTF_8)).line()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"GBK, 你好", "ISO-8859-1, é!", "UTF-16, 你"})
    void textInAnotherEncodingIsRefused(String charset, String text) {
        StandardInput input = of(text.getBytes(Charset.forName(charset)));
        assertThatThrownBy(input::all)
                .isInstanceOf(TrainerException.class)
                .hasMessage("Standard input is not UTF-8 text; convert it, for example with iconv.");
    }

    @Test
    void aStreamThatCannotBeReadIsToldSo() throws IOException {
        InputStream closed = InputStream.nullInputStream();
        closed.close();
        assertThatThrownBy(new StandardInput(closed)::line)
                .isInstanceOf(TrainerException.class)
                .hasMessage("Standard input cannot be read (Stream closed); check the pipe.");
    }

    private static StandardInput of(byte[] bytes) {
        return new StandardInput(new ByteArrayInputStream(bytes));
    }

    @Test
    void aLineReplacesAProgressBarOnlyWhereOneMayStand() {
        ByteArrayOutputStream piped = new ByteArrayOutputStream();
        terminal(piped, false).tell("done");
        assertThat(piped.toString(StandardCharsets.UTF_8)).isEqualTo("done" + System.lineSeparator());
        ByteArrayOutputStream watched = new ByteArrayOutputStream();
        terminal(watched, true).tell("done");
        assertThat(watched.toString(StandardCharsets.UTF_8)).isEqualTo("\r\u001b[Kdone" + System.lineSeparator());
    }

    @Test
    void aLineIsDrawnOverTheLast() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = terminal(err, true);
        terminal.redraw("1/2");
        terminal.redraw("2/2");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("\r\u001b[K1/2\r\u001b[K2/2");
    }

    private static Terminal terminal(ByteArrayOutputStream err, boolean interactive) {
        PrintStream none = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Terminal(new ByteArrayInputStream(new byte[0]), none, stream, interactive);
    }
}
