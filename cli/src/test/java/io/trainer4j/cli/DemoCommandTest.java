package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    @TempDir
    Path folder;

    @Test
    void asksTrainsAsksAgainAndIsNotRunTwice() {
        Path demo = folder.resolve("demo");
        String[] words = {"demo", "--output-dir", demo.toString(), "--num-train-epochs", "0.01"};
        Cli run = Cli.succeed(words);
        assertThat(run.out()).containsSubsequence("Before training", "问: 糖尿病", "答: ", "After training", "答: ");
        assertThat(run.err()).contains("nor the model's answers are medical advice", "$ ./trainer4j init", "Plan");
        assertThat(demo.resolve("model").resolve("config.json")).exists();

        Cli again = Cli.run(words);
        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains("has run in " + demo + " already").hasLineCount(1);
    }

    @Test
    void aDemoThatWasStoppedGoesOnWithWhatItHas() throws IOException {
        Path demo = folder.resolve("demo");
        Path base = Cli.tinyModel(Files.createDirectory(demo).resolve("base"), 128);
        Cli run = Cli.succeed("demo", "--output-dir", demo.toString(), "--num-train-epochs", "0.02");
        assertThat(run.err()).contains("--resume-from-checkpoint true").doesNotContain("$ ./trainer4j init");
        assertThat(demo.resolve("model").resolve("config.json")).exists();
        assertThat(base.resolve("config.json")).exists();
    }
}
