package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class QuantizeCommandTest {
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
                List.of("--hidden-size", "64", "--intermediate-size", "64", "--num-hidden-layers", "1"),
                List.of("--num-attention-heads", "2", "--num-key-value-heads", "1")));
        rows = Cli.questions(folder.resolve("qa.csv")).toString();
    }

    @Test
    void sizeSpeedAndPerplexityAreToldBeforeAndAfter() {
        String out = folder.resolve("int8").toString();
        Cli run = Cli.succeed("quantize", "--model", base, "--output-dir", out, "--bits", "8", "--eval-file", rows);
        assertThat(run.out()).hasLineCount(1);
        JsonNode figures = JsonMapper.shared().readTree(run.out());
        JsonNode before = figures.path("before");
        JsonNode after = figures.path("after");
        assertThat(after.path("file_mib").asDouble())
                .isLessThan(0.6 * before.path("file_mib").asDouble());
        assertThat(after.path("memory_mib").asDouble())
                .isLessThan(0.6 * before.path("memory_mib").asDouble());
        assertThat(after.path("tokens_per_second").asDouble()).isPositive();
        assertThat(after.path("perplexity").asDouble()
                        / before.path("perplexity").asDouble())
                .isBetween(0.99, 1.01);
        assertThat(run.err()).contains("perplexity", "Saved the model in 8 bits");
    }

    @Test
    void theFolderIsAModelForTheOtherCommands() {
        String out = folder.resolve("int4").toString();
        Cli.succeed("quantize", "--model", base, "--output-dir", out, "--bits", "4");
        Cli.succeed("generate", "--model", out, "--prompt", "糖", "--max-new-tokens", "3");
        Cli evaluated = Cli.succeed("evaluate", "--model", out, "--eval-file", rows);
        assertThat(evaluated.err()).contains("4 bits, a scale for 32 weights");
        Cli trained = Cli.run("finetune", "--model", out, "--train-file", rows, "--output-dir", folder + "/trained");
        assertThat(trained.status()).isEqualTo(2);
        assertThat(trained.lastError()).contains("cannot be trained; train an adapter beside them");
        assertThat(folder.resolve("trained").resolve("config.json")).doesNotExist();
    }

    @Test
    void everyFormOfLoadingIsAnOption() {
        for (List<String> form : List.of(
                List.of("--dtype", "bfloat16"),
                List.of("--dtype", "auto"),
                List.of("--load-in-8bit"),
                List.of("--load_in_4bit", "--bnb-4bit-use-double-quant", "--bnb-4bit-quant-type", "nf4"))) {
            Cli.succeed(
                    Cli.words(List.of("generate", "--model", base, "--prompt", "糖", "--max-new-tokens", "2"), form));
        }
        Cli evaluated = Cli.succeed("evaluate", "--model", base, "--eval-file", rows, "--load-in-4bit");
        assertThat(evaluated.err()).contains("NF4", "bf16");
        assertThat(Cli.run("generate", "--model", base, "--prompt", "糖", "--load-in-4bit", "--load-in-8bit")
                        .lastError())
                .contains("exclude each other");
    }

    @Test
    void whatCannotBeDoneIsRefusedBeforeItBegins() {
        String out = folder.resolve("refused").toString();
        assertThat(Cli.run("quantize", "--model", base, "--output-dir", out, "--bits", "5")
                        .lastError())
                .contains("8 or 4 bits");
        assertThat(Cli.run(
                                "quantize",
                                "--model",
                                base,
                                "--output-dir",
                                out,
                                "--bits",
                                "8",
                                "--task",
                                "sequence-classification")
                        .lastError())
                .contains("leave --task out");
        assertThat(Files.exists(Path.of(out))).isFalse();
        assertThat(Cli.run("quantize", "--model", base, "--output-dir", base, "--bits", "8")
                        .lastError())
                .contains("is not empty");
    }
}
