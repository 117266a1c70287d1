package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An adapter from finetune to merge. */
class AdapterCommandsTest {
    private static final List<String> LORA =
            List.of("--lora-r", "2", "--lora-dropout", "0", "--lora-target-modules", "all-linear");

    @TempDir
    Path folder;

    private String base;
    private String rows;
    private String out;

    @BeforeEach
    void prepare() {
        base = Cli.tinyModel(folder.resolve("base")).toString();
        rows = Cli.questions(folder.resolve("qa.csv")).toString();
        out = folder.resolve("out").toString();
    }

    private Cli finetune(String... more) {
        return Cli.run(Cli.words(
                List.of(
                        "finetune",
                        "--model",
                        base,
                        "--train-file",
                        rows,
                        "--output-dir",
                        out,
                        "--learning-rate",
                        "0.005"),
                LORA,
                List.of(more)));
    }

    private static String answer(String... model) {
        return Cli.succeed(Cli.words(
                        List.of("generate", "--prompt", "问", "--max-new-tokens", "8", "--prompt-style", "text"),
                        List.of(model)))
                .out();
    }

    @Test
    void anAdapterIsTrainedContinuedAskedMeasuredAndMerged() throws IOException {
        Cli run = finetune("--max-steps", "4", "--save-steps", "2");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("adapter default: LoRA of rank 2 and alpha 32 on 7 modules", " trained (");
        try (Stream<Path> files = Files.list(Path.of(out))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("adapter_config.json", "adapter_model.safetensors", "tokenizer.json", "run.yaml")
                    .doesNotContain("model.safetensors", "config.json");
        }
        assertThat(Path.of(out, "adapter_config.json")).content().contains(base);

        assertThat(answer("--model", out)).isEqualTo(answer("--model", base, "--adapter", out));
        String figures = Cli.succeed("evaluate", "--model", out, "--eval-file", rows)
                .out()
                .replaceAll("\"eval_(runtime|samples|steps).*", "");
        assertThat(figures)
                .isNotEqualTo(Cli.succeed("evaluate", "--model", base, "--eval-file", rows)
                        .out()
                        .replaceAll("\"eval_(runtime|samples|steps).*", ""));

        String merged = folder.resolve("merged").toString();
        Cli merge = Cli.succeed("merge", "--model", base, "--adapter", out, "--output-dir", merged);
        assertThat(merge.err()).contains("Saved the merged model to " + merged);
        assertThat(answer("--model", merged)).isEqualTo(answer("--model", out));
        assertThat(Path.of(merged, "adapter_config.json")).doesNotExist();

        String further = folder.resolve("further").toString();
        Cli.succeed("finetune", "--model", out, "--train-file", rows, "--output-dir", further, "--max-steps", "1");
        assertThat(Path.of(further, "adapter_model.safetensors")).exists();
    }

    @Test
    void aStoppedRunGoesOnFromItsFile() {
        finetune("--max-steps", "4", "--save-steps", "2");
        Cli again = Cli.succeed(
                "finetune",
                "--config",
                Path.of(out, "run.yaml").toString(),
                "--resume-from-checkpoint",
                Path.of(out, "checkpoint-2").toString());
        assertThat(again.err()).contains("adapter default", "Saved model and tokenizer to " + out);
    }

    @Test
    void aClassifierKeepsItsHeadAndTheNamesOfItsClasses() {
        String labelled = Cli.lines(
                        folder.resolve("labelled.csv"),
                        "text,label",
                        "头疼,neuro",
                        "心慌,cardio",
                        "头晕,neuro",
                        "胸闷,cardio",
                        "咳嗽,lung")
                .toString();
        Cli.succeed(Cli.words(
                List.of("finetune", "--task", "sequence-classification", "--model", base, "--train-file", labelled),
                List.of("--text-column", "text", "--label-column", "label", "--output-dir", out, "--test-size", "0"),
                List.of("--max-steps", "2", "--use-peft")));
        Cli run = Cli.run(Cli.words(
                List.of("evaluate", "--task", "sequence-classification", "--model", out, "--eval-file", labelled),
                List.of("--text-column", "text", "--label-column", "label")));
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("eval_accuracy");
        assertThat(Path.of(out, "config.json")).content().contains("cardio", "lung", "neuro");
        Cli.succeed(
                "merge",
                "--model",
                out,
                "--output-dir",
                folder.resolve("merged").toString());
        assertThat(folder.resolve("merged/config.json")).content().contains("cardio");
    }

    @Test
    void refusalsNameTheWayOut() throws IOException {
        finetune("--max-steps", "1", "--save-strategy", "no");
        assertThat(Cli.run(
                                "merge",
                                "--model",
                                base,
                                "--output-dir",
                                folder.resolve("m").toString())
                        .lastError())
                .contains("no adapter's folder", "--adapter");
        assertThat(Cli.run("generate", "--model", base, "--adapter", base, "--prompt", "x")
                        .lastError())
                .contains("has no adapter_config.json");
        assertThat(Cli.run("generate", "--model", out, "--adapter", out, "--prompt", "x")
                        .lastError())
                .contains("is an adapter's folder itself");
        assertThat(Cli.run(
                                "finetune",
                                "--model",
                                out,
                                "--train-file",
                                rows,
                                "--output-dir",
                                folder.resolve("f").toString(),
                                "--lora-r",
                                "4")
                        .lastError())
                .contains("leave --use-peft and the --lora options out");
        Files.move(Path.of(base), folder.resolve("moved"));
        assertThat(Cli.run("generate", "--model", out, "--prompt", "x").lastError())
                .contains("belongs to the model " + base, "--model BASE --adapter " + out);
        assertThat(answer("--model", folder.resolve("moved").toString(), "--adapter", out))
                .isNotNull();
        assertThat(folder.resolve("f")).doesNotExist();
        assertThat(folder.resolve("m")).doesNotExist();
    }
}
