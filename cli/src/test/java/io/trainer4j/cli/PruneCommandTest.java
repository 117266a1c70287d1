package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PruneCommandTest {
    @TempDir
    static Path folder;

    private static String base;
    private static String rows;

    @BeforeAll
    static void model() {
        Path text = Cli.lines(folder.resolve("text.txt"), "糖尿病的饮食注意事项有哪些？", "高血压可以吃党参吗？");
        base = folder.resolve("base").toString();
        Cli.succeed(Cli.words(
                List.of("init", "--text-file", text.toString(), "--output-dir", base, "--vocab-size", "300"),
                List.of("--hidden-size", "32", "--intermediate-size", "64", "--num-hidden-layers", "3"),
                List.of("--num-attention-heads", "4", "--num-key-value-heads", "2")));
        rows = Cli.questions(folder.resolve("qa.csv")).toString();
    }

    private static String out(String name) {
        return folder.resolve(name).toString();
    }

    private static JsonNode figures(Cli run) {
        assertThat(run.out()).hasLineCount(1);
        return JsonMapper.shared().readTree(run.out());
    }

    @Test
    void zerosAreCountedAndHeldWhileTheModelHeals() {
        String out = out("zeros");
        Cli run = Cli.succeed(
                "prune", "--model", base, "--output-dir", out, "--sparsity", "0.5", "--calibration-file", rows);
        JsonNode figures = figures(run);
        double before = figures.at("/before/nonzero_share").asDouble();
        double after = figures.at("/after/nonzero_share").asDouble();
        assertThat(after).isBetween(0.5, before - 0.2);
        assertThat(figures.at("/after/parameters").asLong())
                .isEqualTo(figures.at("/before/parameters").asLong());
        assertThat(figures.at("/after/tokens_per_second").asDouble()).isPositive();
        assertThat(run.err()).contains("nonzero_share", "Saved the pruned model to " + out);

        Cli healed = Cli.succeed(healing(run, "--num-train-epochs", "1", "--test-size", "0"));
        assertThat(healed.err()).contains("weights of the layers' matrices stay zero");
        Cli again = Cli.succeed("prune", "--model", out + "-healed", "--output-dir", out("again"), "--sparsity", "0.5");
        assertThat(figures(again).at("/before/nonzero_share").asDouble()).isBetween(after - 1e-9, after + 0.02);
    }

    /** The command that is told, with more options. */
    private static String[] healing(Cli run, String... more) {
        String line = run.err()
                .lines()
                .filter(text -> text.startsWith("Heal it with: "))
                .findFirst()
                .orElseThrow();
        List<String> words = Arrays.asList(line.split(" "));
        return Cli.words(words.subList(words.indexOf("finetune"), words.size()), List.of(more));
    }

    @Test
    void partsAreRemovedByRowsAndTheModelIsSmaller() {
        String out = out("parts");
        Cli run = Cli.succeed(Cli.words(
                List.of("prune", "--model", base, "--output-dir", out, "--layers", "1", "--mlp-channels", "0.25"),
                List.of("--attention-heads", "2", "--calibration-file", rows, "--eval-file", rows),
                List.of("--prompt-style", "text", "--completion-column", "Answer")));
        JsonNode figures = figures(run);
        for (String name : List.of("parameters", "file_mib", "memory_mib")) {
            assertThat(figures.path("after").path(name).asDouble())
                    .as(name)
                    .isLessThan(figures.path("before").path(name).asDouble());
        }
        assertThat(figures.at("/after/perplexity").asDouble()).isGreaterThan(1);
        assertThat(run.err()).contains("Removed the layers ", "calibration rows", "10 rows");
        assertThat(List.of(healing(run)))
                .containsSubsequence("--model", out, "--train-file", rows, "--eval-file", rows)
                .containsSubsequence("--output-dir", out + "-healed")
                .containsSubsequence("--completion-column", "Answer", "--prompt-style", "text")
                .doesNotContain("--keep-zeros", "--prompt-column");
        Cli.succeed("generate", "--model", out, "--prompt", "糖", "--max-new-tokens", "3");
    }

    @Test
    void whatCannotBeDoneIsRefusedBeforeItBegins() {
        assertRefused("Nothing is to be pruned; give sparsity, pattern, layers,");
        assertRefused("give some with --calibration-file.", "--layers", "1");
        assertRefused("of which one must stay", "--layers", "3", "--calibration-file", rows);
        assertRefused("must be 2:4", "--pattern", "4:8");
        assertRefused("leave --task out", "--sparsity", "0.5", "--task", "masked-lm");
        assertThat(Files.exists(folder.resolve("refused"))).isFalse();
        assertThat(Cli.run("prune", "--model", base, "--output-dir", base, "--sparsity", "0.5")
                        .lastError())
                .contains("is not empty");
    }

    private static void assertRefused(String message, String... words) {
        Cli run = Cli.run(Cli.words(List.of("prune", "--model", base, "--output-dir", out("refused")), List.of(words)));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.lastError()).contains(message);
    }
}
