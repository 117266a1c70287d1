package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {
    @TempDir
    static Path folder;

    private static Path base;
    private static String trained;

    /** A model that has learnt ten short answers by heart. */
    @BeforeAll
    static void train() {
        base = Cli.tinyModel(folder.resolve("base"));
        Path rows = Cli.lines(folder.resolve("qa.csv"), "Question,Answer", "问？,一定要少吃糖。");
        trained = folder.resolve("out").toString();
        Cli.succeed(Cli.words(
                List.of("finetune", "--model", base.toString(), "--train-file", rows.toString()),
                List.of("--output-dir", trained, "--test-size", "0", "--max-steps", "150"),
                List.of("--learning-rate", "3e-2", "--save-strategy", "no")));
    }

    @Test
    void theAnswerAndNothingElseIsPrinted() {
        assertThat(ask("--prompt", "问？")).isEqualTo(new Cli(0, "一定要少吃糖。\n", ""));
    }

    @Test
    void theQuestionMayBePipedIn() {
        byte[] question = "问？\n".getBytes(StandardCharsets.UTF_8);
        assertThat(Cli.runWithInput(question, "generate", "--model", trained).out())
                .isEqualTo("一定要少吃糖。\n");
    }

    @Test
    void aLimitCutsTheAnswerWithoutHalfCharacters() {
        assertThat(ask("--prompt", "问？", "--max-new-tokens", "4").out()).doesNotContain("\ufffd");
    }

    @Test
    void drawsAreRepeatedByTheirSeed() {
        String[] words = {
            "generate",
            "--model",
            base.toString(),
            "--prompt",
            "其他",
            "--do-sample",
            "--temperature",
            "3",
            "--max-new-tokens",
            "12",
            "--seed"
        };
        String first = Cli.succeed(Cli.words(List.of(words), List.of("1"))).out();
        assertThat(Cli.succeed(Cli.words(List.of(words), List.of("1"))).out()).isEqualTo(first);
        assertThat(Cli.succeed(Cli.words(List.of(words), List.of("2"))).out()).isNotEqualTo(first);
    }

    @Test
    void withoutAQuestionThereIsNothingToAsk() {
        Cli run = ask();
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("There is no question; give one with --prompt or on standard input.\n");
    }

    @Test
    void inputThatIsNotUtf8IsRefused() {
        Cli run = Cli.runWithInput(new byte[] {(byte) 0xb2}, "generate", "--model", trained);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("Standard input is not UTF-8 text;").hasLineCount(1);
    }

    private static Cli ask(String... more) {
        return Cli.run(Cli.words(List.of("generate", "--model", trained), List.of(more)));
    }
}
