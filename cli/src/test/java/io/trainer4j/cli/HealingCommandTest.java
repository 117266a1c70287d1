package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.model.PruningOptions;
import io.trainer4j.train.TrainingArguments;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is told after pruning, and what finetune understands by it. */
class HealingCommandTest {
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|\\S+");

    private static String healing(String... words) {
        Arguments given = Arguments.parse(new PruneCommand(), Arrays.asList(words));
        return new HealingCommand(
                        given.as(new PruneOptions()), given.as(new PruningOptions()), given.as(new DataOptions()))
                .toString();
    }

    /** The command as finetune reads it, quotes taken off as a shell does. */
    private static Arguments read(String command) {
        List<String> words = WORD.matcher(command)
                .results()
                .map(MatchResult::group)
                .map(word -> word.replace("\"", ""))
                .toList();
        assertThat(words.get(1)).isEqualTo("finetune");
        return Arguments.parse(new FinetuneCommand(), words.subList(2, words.size()));
    }

    @Test
    void trainsThePrunedModelOnTheRowsItWasChosenBy() {
        Arguments given = read(healing(
                "--model",
                "base",
                "--output-dir",
                "small model",
                "--layers",
                "1",
                "--calibration-file",
                "a b.csv",
                "c.csv",
                "--eval-file",
                "test.csv"));
        assertThat(given.as(new ModelOptions()).toMap()).containsEntry("model", "small model");
        FinetuneOptions options = given.as(new FinetuneOptions());
        assertThat(options.trainFile()).containsExactly(Path.of("a b.csv"), Path.of("c.csv"));
        assertThat(options.evalFile()).isEqualTo(Path.of("test.csv"));
        assertThat(given.as(new TrainingArguments()).outputDir()).isEqualTo(Path.of("small model-healed"));
        assertThat(given.as(new TrainingArguments()).keepZeros()).isFalse();
    }

    @Test
    void rowsAreReadAsTheyWereRead() {
        String[] columns = {
            "--prompt-column",
            "问题",
            "--completion-column",
            "my answer",
            "--prompt-style",
            "text",
            "--max-length",
            "64",
            "--no-clean"
        };
        String command = healing(Cli.words(
                List.of("--model", "base", "--output-dir", "small", "--layers", "1", "--calibration-file", "qa.csv"),
                Arrays.asList(columns)));
        DataOptions expected = Arguments.parse(
                        new FinetuneCommand(),
                        Arrays.asList(Cli.words(
                                List.of("--model", "m", "--output-dir", "o", "--train-file", "f"),
                                Arrays.asList(columns))))
                .as(new DataOptions());
        assertThat(read(command).as(new DataOptions())).isEqualTo(expected).isNotEqualTo(new DataOptions());
    }

    @Test
    void zerosAreKeptWhereThereAre() {
        String zeros = healing("--model", "base", "--output-dir", "zeros", "--pattern", "2:4");
        assertThat(zeros).contains("--train-file ROWS.csv", "--keep-zeros");
        assertThat(read(zeros).as(new TrainingArguments()).keepZeros()).isTrue();
    }

    @Test
    void ofSeveralFilesToMeasureOnNoneIsChosen() {
        assertThat(healing(
                        "--model",
                        "base",
                        "--output-dir",
                        "small",
                        "--sparsity",
                        "0.5",
                        "--eval-file",
                        "a.csv",
                        "b.csv"))
                .doesNotContain("--eval-file", "a.csv");
    }
}
