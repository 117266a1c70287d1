package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations whose lines come from a pipe. */
class ChatLinesTest {
    @TempDir
    static Path folder;

    private static String model;

    @BeforeAll
    static void init() {
        model = Cli.tinyModel(folder.resolve("base"), 256).toString();
    }

    @Test
    void linesOfWindowsAreTheSame() {
        assertThat(chat("你好\r\n再见\r\n")).isEqualTo(chat("你好\n再见\n"));
        assertThat(chat("\ufeff你好\n")).isEqualTo(chat("你好\n"));
        assertThat(chat("你好\r\n/bye\r\n再见\r\n")).isEqualTo(chat("你好\n"));
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        Cli run = Cli.runWithInput("你好\n".getBytes(Charset.forName("GBK")), "chat", "--model", model);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("Standard input is not UTF-8 text").hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aTextIsContinuedWithoutATemplate() {
        assertThat(chat("糖尿病", "--prompt-style", "text").out())
                .isNotEqualTo(chat("糖尿病").out())
                .endsWith(System.lineSeparator());
    }

    @Test
    void drawnAnswersFollowTheSeed() {
        Cli once = chat("你好", "--do-sample", "--seed", "5");
        assertThat(chat("你好", "--do-sample", "--seed", "5")).isEqualTo(once);
        assertThat(chat("你好", "--do-sample", "--seed", "6").out()).isNotEqualTo(once.out());
    }

    private static Cli chat(String input, String... options) {
        String[] words = Cli.words(List.of("chat", "--model", model, "--max-new-tokens", "6"), List.of(options));
        return Cli.runWithInput(input.getBytes(StandardCharsets.UTF_8), words);
    }
}
