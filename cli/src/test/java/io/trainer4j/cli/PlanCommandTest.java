package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.train.TrainingArguments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
    @TempDir
    Path folder;

    private Path out;
    private List<String> words;

    @BeforeEach
    void prepare() {
        out = folder.resolve("out");
        words = List.of(
                "--model",
                Cli.tinyModel(folder.resolve("base")).toString(),
                "--train-file",
                Cli.questions(folder.resolve("qa.csv")).toString(),
                "--output-dir",
                out.toString());
    }

    private String[] command(String name, String... more) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(words);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void memoryAndTimeGoToStandardOutputAndNothingIsWritten() {
        Cli run = Cli.succeed(command("plan", "--num-train-epochs", "2"));
        assertThat(run.out())
                .containsPattern("(?m)^ +memory +[0-9,]+ MiB at most \\(.*longest batch 8 rows")
                .containsPattern("(?m)^ +time +[0-9.]+ s \\(3 probe steps")
                .contains("held out");
        assertThat(out).doesNotExist();
    }

    @Test
    void proposalsAreOptionsOfFinetune() {
        Cli run = Cli.succeed(command("plan", "--memory-limit", "1MiB"));
        assertThat(run.out()).contains("1 MiB is too little (--memory-limit)");
        Matcher proposal = Pattern.compile("MiB with (--.*?) \\(").matcher(run.out());
        assertThat(proposal.find()).isTrue();
        assertThat(proposal.group(1)).contains("--per-device-train-batch-size 1 --gradient-accumulation-steps 8");
    }

    /**
     * Batches of 16 rows of 256 tokens, whose activations take some 500 MiB: far more than what this process itself
     * may grow by between the two plans.
     */
    @Test
    void everyProposalCanBeGivenToFinetuneAndKeepsTheEffectiveBatch() {
        Path large = folder.resolve("large");
        Cli.succeed(Cli.words(
                List.of("init", "--text-file", folder.resolve("qa.csv").toString(), "--output-dir", large.toString()),
                List.of("--hidden-size", "64", "--intermediate-size", "1024", "--num-hidden-layers", "8"),
                List.of("--num-attention-heads", "4", "--vocab-size", "300", "--max-position-embeddings", "256")));
        String[] rows = new String[33];
        Arrays.setAll(rows, i -> i == 0 ? "Question,Answer" : "q" + i + "," + "a b".repeat(80));
        Path file = Cli.lines(folder.resolve("long.csv"), rows);
        List<String> run =
                List.of("--model", large.toString(), "--train-file", file.toString(), "--output-dir", out.toString());
        List<String> batch = List.of("--per-device-train-batch-size", "16", "--gradient-accumulation-steps", "2");
        String plan = Cli.succeed(Cli.words(List.of("plan"), run, batch)).out();
        Matcher peak = Pattern.compile("memory +([0-9,]+) MiB at most").matcher(plan);
        assertThat(peak.find()).isTrue();
        int limit = Integer.parseInt(peak.group(1).replace(",", "")) - 120;
        String told = Cli.succeed(Cli.words(List.of("plan"), run, batch, List.of("--memory-limit", limit + "MiB")))
                .out();
        List<String> proposals = Pattern.compile("(?m)^ +fits +(--.*?) \\(")
                .matcher(told)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(proposals).as(told).hasSizeGreaterThan(1);
        for (String proposal : proposals) {
            List<String> words = new ArrayList<>(batch);
            if (proposal.contains("--per-device-train-batch-size")) {
                words.clear();
            }
            words.addAll(Arrays.asList(proposal.split(" ")));
            Arguments given = Arguments.parse(new FinetuneCommand(), Arrays.asList(Cli.words(run, words)));
            TrainingArguments arguments = given.as(new TrainingArguments());
            assertThat(arguments.perDeviceTrainBatchSize() * arguments.gradientAccumulationSteps())
                    .as(proposal)
                    .isEqualTo(32);
        }
    }

    @Test
    void aRunTellsItsMemoryAtOnceAndTheRestAfterItsFirstSteps() {
        Cli run = Cli.succeed(command("finetune", "--per-device-train-batch-size", "1", "--max-steps", "4"));
        assertThat(run.err())
                .containsPattern("(?s)Plan\n.*memory +[0-9,]+ MiB at most \\(from shapes.*time +told after 3 steps")
                .containsPattern("(?s)Forecast\n.*memory +[0-9,]+ MiB at most \\(the first 3 steps"
                        + ".*time +[0-9.]+ s \\(the first 3 steps: .* in 1 steps after step 3,");
    }

    @Test
    void aRunWithALimitTriesStepsBeforeItBegins() {
        Cli run = Cli.succeed(command("finetune", "--max-steps", "4", "--memory-limit", "100GB"));
        assertThat(run.err())
                .containsPattern("time +[0-9.]+ s \\(3 probe steps")
                .doesNotContain("Forecast");
    }

    @Test
    void aFolderThatExistsCanBePlannedFor() throws Exception {
        Files.createDirectory(out);
        Files.writeString(out.resolve("file"), "kept");
        Cli.succeed(command("plan"));
        assertThat(out.resolve("file")).hasContent("kept");
    }

    @Test
    void anUnreadableLimitIsRefused() {
        Cli run = Cli.run(command("plan", "--memory-limit", "lots"));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--memory-limit is \"lots\" but must be an amount of memory such as 2GB");
    }
}
