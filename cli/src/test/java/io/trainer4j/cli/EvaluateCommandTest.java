package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EvaluateCommandTest {
    @TempDir
    static Path folder;

    private static String base;
    private static String classifier;

    @BeforeAll
    static void models() {
        base = Cli.tinyModel(folder.resolve("base")).toString();
        Path rows = Cli.lines(folder.resolve("labels.csv"), "text,label", "甲,好", "乙,坏", "丙,好", "丁,坏");
        classifier = folder.resolve("classifier").toString();
        Cli.succeed(Cli.words(
                List.of("finetune", "--task", "sequence-classification", "--model", base, "--test-size", "0"),
                List.of("--train-file", rows.toString(), "--output-dir", classifier),
                List.of("--max-steps", "40", "--learning-rate", "1e-2", "--save-strategy", "no")));
    }

    @Test
    void theFiguresAreOneJsonObjectAndTheRestGoesToStandardError() {
        Path rows = Cli.questions(folder.resolve("qa.csv"));
        Cli run = Cli.succeed("evaluate", "--model", base, "--eval-file", rows.toString());
        assertThat(run.out()).hasLineCount(1);
        JsonNode figures = JsonMapper.shared().readTree(run.out());
        // An untrained model of 265 tokens guesses: ln 265 = 5.580.
        assertThat(figures.path("eval_loss").asDouble()).isBetween(5.5, 5.65);
        assertThat(figures.propertyNames())
                .contains("eval_mean_token_accuracy", "eval_perplexity", "eval_samples_per_second");
        assertThat(run.err()).contains("10 rows read, 10 kept", "prompt style  chat");
    }

    @Test
    void theFiguresDoNotDependOnTheBatchSize() {
        Path rows = Cli.questions(folder.resolve("qa.csv"));
        String[] words = {"evaluate", "--model", base, "--eval-file", rows.toString(), "--per-device-eval-batch-size"};
        double one = perplexity(Cli.succeed(Cli.words(List.of(words), List.of("1"))));
        double ten = perplexity(Cli.succeed(Cli.words(List.of(words), List.of("10"))));
        assertThat(one).isCloseTo(ten, org.assertj.core.api.Assertions.within(1e-2));
    }

    private static double perplexity(Cli run) {
        return JsonMapper.shared().readTree(run.out()).path("eval_perplexity").asDouble();
    }

    @Test
    void aClassifierIsMeasuredByItsOwnLabels() {
        Path one = Cli.lines(folder.resolve("one.csv"), "text,label", "乙,坏");
        Cli run = evaluateClassifier(one);
        assertThat(run.err()).contains("named in the model's config.json");
        assertThat(JsonMapper.shared().readTree(run.out()).path("eval_accuracy").asDouble())
                .isEqualTo(1);
        Path wrong = Cli.lines(folder.resolve("wrong.csv"), "text,label", "乙,好", "甲,好");
        assertThat(JsonMapper.shared()
                        .readTree(evaluateClassifier(wrong).out())
                        .path("eval_accuracy")
                        .asDouble())
                .isEqualTo(0.5);
    }

    @Test
    void figuresAndAPageGoToTheOutputFolder() throws IOException {
        Path rows = Cli.lines(folder.resolve("page.csv"), "text,label", "甲,好", "乙,坏", "丙,好");
        Path out = folder.resolve("report");
        Cli run = Cli.succeed(Cli.words(
                List.of("evaluate", "--task", "sequence-classification", "--model", classifier),
                List.of("--eval-file", rows.toString(), "--output-dir", out.toString())));
        JsonNode figures = JsonMapper.shared().readTree(run.out());
        assertThat(JsonMapper.shared().readTree(out.resolve("metrics.json").toFile()))
                .isEqualTo(figures);
        assertThat(figures.propertyNames()).contains("eval_f1_macro", "eval_roc_auc", "eval_calibration_error");
        assertThat(Files.readString(out.resolve("report.html")))
                .contains("Confusion matrix", "<td>好</td>", "Calibration", "<svg");
    }

    @Test
    void answersStandBesideTheirReferences() throws IOException {
        Path rows = Cli.lines(folder.resolve("few.csv"), "Question,Answer", "问一？,<b>答</b>。", "问二？,答。", "问三？,答三。");
        Path out = folder.resolve("answers");
        Cli run = Cli.succeed(Cli.words(
                List.of("evaluate", "--model", base, "--eval-file", rows.toString(), "--generate", "2"),
                List.of("--max-new-tokens", "3", "--output-dir", out.toString())));
        assertThat(JsonMapper.shared().readTree(run.out()).propertyNames())
                .contains("eval_exact_match", "eval_bleu", "eval_rouge_l");
        assertThat(Files.readString(out.resolve("report.html")))
                .contains("<td>问一？</td>", "<td>&lt;b&gt;答&lt;/b&gt;。</td>", "<td>问二？</td>")
                .doesNotContain("问三");
    }

    @Test
    void aClassifierAnswersNothing() {
        Cli run = Cli.run(
                "evaluate",
                "--task",
                "sequence-classification",
                "--model",
                classifier,
                "--eval-file",
                "x.csv",
                "--generate",
                "2");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.lastError()).contains("--generate", "sequence-classification");
    }

    @Test
    void aLabelTheModelDoesNotKnowIsRefused() {
        Path rows = Cli.lines(folder.resolve("other.csv"), "text,label", "甲,好", "乙,环");
        Cli run = evaluateClassifier(rows);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.lastError()).contains("\"环\"", "none of [");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aHeadThatWasNeverTrainedIsNotMeasured() {
        Path rows = Cli.lines(folder.resolve("untrained.csv"), "text,label", "甲,0", "乙,1");
        Cli run = Cli.run(
                "evaluate", "--task", "sequence-classification", "--model", base, "--eval-file", rows.toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.lastError()).contains(base, "score.weight", "finetune");
        assertThat(run.out()).isEmpty();
    }

    private static Cli evaluateClassifier(Path rows) {
        return Cli.run(
                "evaluate", "--task", "sequence-classification", "--model", classifier, "--eval-file", rows.toString());
    }
}
