package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatCommandTest {
    @TempDir
    static Path folder;

    private static String model;

    @BeforeAll
    static void init() {
        model = Cli.tinyModel(folder.resolve("base")).toString();
    }

    @Test
    void everyPipedLineIsAnsweredUntilTheEnd() {
        Cli one = chat("你好");
        Cli two = chat("你好\n\n  \n再见\n");
        assertThat(one.status()).isZero();
        assertThat(one.err()).isEmpty();
        assertThat(two.out()).startsWith(one.out()).hasSizeGreaterThan(one.out().length());
    }

    @Test
    void byeEndsIt() {
        assertThat(chat("你好\n /bye \n再见\n")).isEqualTo(chat("你好\n"));
        assertThat(chat("/bye\n")).isEqualTo(new Cli(0, "", ""));
        assertThat(chat("")).isEqualTo(new Cli(0, "", ""));
    }

    @Test
    void clearForgetsWhatWasSaid() {
        String once = chat("你好\n").out();
        assertThat(chat("你好\n/clear\n你好\n").out()).isEqualTo(once + once);
    }

    @Test
    void aMissingModelIsNamed() {
        Cli run = Cli.run("chat", "--model", folder.resolve("nowhere").toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("There is no model folder").hasLineCount(1);
    }

    private static Cli chat(String input) {
        return Cli.runWithInput(
                input.getBytes(StandardCharsets.UTF_8), "chat", "--model", model, "--max-new-tokens", "6");
    }
}
