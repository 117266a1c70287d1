package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.model.AutoModelForMaskedLM;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.model.PretrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What rows may have beside one label or one answer. */
class LabelTasksTest {
    @TempDir
    private Path folder;

    private String base;
    private String out;

    @BeforeEach
    void prepare() {
        base = Cli.tinyModel(folder.resolve("base")).toString();
        out = folder.resolve("out").toString();
    }

    private Cli run(String command, String model, Path rows, String... more) {
        boolean trains = command.equals("finetune");
        return Cli.run(Cli.words(
                List.of(command, "--model", model, trains ? "--train-file" : "--eval-file", rows.toString()),
                trains
                        ? List.of(
                                "--output-dir",
                                List.of(more).contains("--line-by-line") ? out + "2" : out,
                                "--test-size",
                                "0",
                                "--save-strategy",
                                "no",
                                "--num-train-epochs",
                                "1")
                        : List.of(),
                List.of(more)));
    }

    private Cli finetune(Path rows, String... more) {
        return run("finetune", base, rows, more);
    }

    private Cli classify(Path rows, String... more) {
        return finetune(rows, Cli.words(List.of("--task", "sequence-classification"), List.of(more)));
    }

    private JsonNode measure(Path rows, String... more) {
        Cli run = run("evaluate", out, rows, more);
        assertThat(run.status()).as(run.err()).isZero();
        return JsonMapper.shared().readTree(run.out());
    }

    private String config() throws IOException {
        return Files.readString(Path.of(out, "config.json"));
    }

    @Test
    void severalColumnsAreSeveralLabels() throws IOException {
        Path rows = Cli.lines(folder.resolve("m.csv"), "text,发热,咳嗽", "甲,1,0", "乙,0,1", "丙,true,1", "丁,0,0.0");
        String[] columns = {"--label-column", "发热", "--label-column", "咳嗽"};
        Cli run = classify(rows, Cli.words(List.of(columns), List.of("--max-steps", "60", "--learning-rate", "1e-2")));

        assertThat(run.err()).contains("text -> 发热, 咳嗽 (any number of labels per row)");
        assertThat(config()).contains("multi_label_classification", "\"0\" : \"发热\"", "\"1\" : \"咳嗽\"");
        // The columns are found by name, in whatever order they are given.
        JsonNode figures = measure(rows, "--task", "sequence-classification", "--label-column", "咳嗽", "发热");
        assertThat(figures.path("eval_accuracy").asDouble()).isEqualTo(1);
        assertThat(figures.propertyNames()).contains("eval_hamming_loss", "eval_f1_micro", "eval_roc_auc");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '\0', textBlock = """
            ["热","咳"]~["咳"]~[]~咳, 热
            [1,0]~[0,1]~[1,1]~LABEL_0, LABEL_1
            [2,5]~[5]~[7]~2, 5, 7
            """)
    void listsAreSeveralLabels(String first, String second, String third, String names) throws IOException {
        String line = "{\"text\": \"%s\", \"label\": %s}";
        Path rows = Cli.lines(
                folder.resolve("m.jsonl"),
                line.formatted("甲", first),
                line.formatted("乙", second),
                line.formatted("丙", third));

        assertThat(classify(rows).err()).contains("labels           " + names + " (");
        assertThat(config()).contains("multi_label_classification");
        assertThat(measure(rows, "--task", "sequence-classification").propertyNames())
                .contains("eval_hamming_loss");
    }

    @Test
    void aTextIsAListWhereTheProblemTypeSaysSo() throws IOException {
        Path rows = Cli.lines(folder.resolve("m.csv"), "text,label", "甲,热；咳", "乙,咳", "丙,热");

        assertThat(classify(rows, "--problem-type", "multi_label_classification")
                        .err())
                .contains("labels           咳, 热 (");
    }

    @Test
    void numbersAreARegression() throws IOException {
        Path rows = Cli.lines(folder.resolve("r.csv"), "text,score", "甲,1.5", "乙,-2", "丙,0.25");
        Cli run = classify(rows, "--problem-type", "regression", "--label-column", "score");

        assertThat(run.err()).contains("text -> score (numbers to come close to)");
        assertThat(config()).contains("\"regression\"", "\"0\" : \"LABEL_0\"");
        JsonNode figures = measure(rows, "--task", "sequence-classification", "--label-column", "score");
        assertThat(figures.propertyNames()).contains("eval_mse", "eval_rmse", "eval_mae", "eval_r2");
        assertThat(figures.path("eval_mse").asDouble())
                .isCloseTo(figures.path("eval_loss").asDouble(), org.assertj.core.api.Assertions.within(1e-5));
    }

    @Test
    void severalNumbersAreARegressionOfEach() throws IOException {
        Path rows = Cli.lines(folder.resolve("r.csv"), "text,a,b", "甲,1.5,2", "乙,-2,3", "丙,0.25,4");

        assertThat(classify(rows, "--problem-type", "regression", "--label-column", "a", "b")
                        .status())
                .isZero();
        assertThat(config()).contains("\"0\" : \"a\"", "\"1\" : \"b\"");
        assertThat(measure(rows, "--task", "sequence-classification", "--label-column", "a", "b")
                        .propertyNames())
                .contains("eval_mae");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --label-column a b | Column "b" holds "x" where 0 or 1 is needed
            --label-column b --problem-type regression | Column "b" holds "x" where a number is needed
            --label-column a b --problem-type single-label-classification | One label per row stands in one column
            --label-column a --problem-type multi-label | is 'multi-label' but must be one of single_label_classification
            --label-colum a | did you mean --label-column?
            --label-column c | There is no column "c"
            """)
    void whatDoesNotFitIsRefused(String words, String message) {
        Path rows = Cli.lines(folder.resolve("m.csv"), "text,a,b", "甲,1,0", "乙,0,x");
        Cli run = classify(rows, words.split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.lastError()).contains(message);
    }

    @Test
    void aModelIsNotMeasuredByOtherLabels() {
        Path rows = Cli.lines(folder.resolve("m.csv"), "text,a,b,c", "甲,1,0,1", "乙,0,1,1");
        assertThat(classify(rows, "--label-column", "a", "b").status()).isZero();
        Cli run = run("evaluate", out, rows, "--task", "sequence-classification", "--label-column", "a", "c");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.lastError()).contains("The model gives [a, b] but the rows have a, c");
    }

    @Test
    void conversationsAreTrainedOnWhatTheAssistantSays() throws IOException {
        Cli.lines(
                Path.of(base, "chat_template.jinja"),
                "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}"
                        + "{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}");
        String row = "{\"messages\": [{\"role\": \"user\", \"content\": \"问%d？\"},"
                + " {\"role\": \"assistant\", \"content\": \"答。\"}]}";
        Path rows = Cli.lines(folder.resolve("c.jsonl"), row.formatted(1), row.formatted(2));
        Cli found = finetune(rows);

        assertThat(found.err()).contains("messages (conversations; the loss counts the assistant's turns only)");
        JsonNode figures = measure(rows);
        assertThat(figures.path("eval_perplexity").isNumber()).isTrue();
        Path report = folder.resolve("report");
        JsonNode answered =
                measure(rows, "--generate", "1", "--max-new-tokens", "2", "--output-dir", report.toString());
        assertThat(answered.propertyNames()).contains("eval_exact_match", "eval_bleu", "eval_rouge_l");
        assertThat(Files.readString(report.resolve("report.html")))
                .contains("<td>问1？</td>", "<td>答。</td>")
                .doesNotContain("<td>问2？</td>");
        assertThat(run("evaluate", out, rows, "--messages-column", "turns").lastError())
                .contains("There is no column \"turns\"", "--messages-column: messages");
        assertThat(run("evaluate", out, rows, "--messages-column", "messages", "--prompt-column", "a")
                        .lastError())
                .contains("leave --prompt-column and --completion-column out");
    }

    /** The template of this model has no generation block, which every turn needs not. */
    @Test
    void everyTurnOfAConversationCanBeTrained() {
        Cli.lines(Path.of(base, "chat_template.jinja"), "{% for m in messages %}{{ m.content }}{% endfor %}");
        Path rows = Cli.lines(
                folder.resolve("c.jsonl"),
                "{\"messages\": [{\"role\": \"user\", \"content\": \"问\"}, {\"role\": \"assistant\", \"content\": \"答\"}]}");

        assertThat(finetune(rows).lastError()).contains("or train every turn with assistant_only_loss false");
        assertThat(finetune(rows, "--assistant-only-loss", "false").err())
                .contains("messages (conversations; the loss counts every turn, --assistant-only-loss false)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"messages": "hello"}                  | holds "hello" where a conversation is needed
            {"messages": [{"content": "x"}]}       | where a conversation is needed
            {"messages": []}                       | where a conversation is needed
            """)
    void whatIsNoConversationIsRefused(String row, String message) {
        Cli run = finetune(Cli.lines(folder.resolve("c.jsonl"), row));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.lastError()).contains(message);
    }

    @Test
    void filesWithPromptsAreNoConversations() {
        Path rows = Cli.lines(folder.resolve("p.csv"), "messages,prompt,completion", "甲,乙,丙");

        assertThat(finetune(rows).err()).contains("prompt -> completion");
    }

    @Test
    void maskedWordsAreTrainedAndMeasured() throws IOException {
        Path bert = Files.createDirectory(folder.resolve("bert"));
        Cli.lines(bert.resolve("vocab.txt"), "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "甲", "乙", "丙");
        Cli.lines(bert.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"BertTokenizer\"}");
        Cli.lines(
                bert.resolve("config.json"),
                "{\"model_type\": \"bert\", \"architectures\": [\"BertForMaskedLM\"], \"vocab_size\": 8,",
                "\"hidden_size\": 8, \"num_hidden_layers\": 1, \"num_attention_heads\": 2,",
                "\"intermediate_size\": 16, \"max_position_embeddings\": 16, \"type_vocab_size\": 2, \"hidden_act\": \"gelu\",",
                "\"layer_norm_eps\": 1e-12, \"hidden_dropout_prob\": 0.1, \"attention_probs_dropout_prob\": 0.1,",
                "\"initializer_range\": 0.02, \"pad_token_id\": 0}");
        try (PretrainedModel model = AutoModelForMaskedLM.fromConfig(ModelConfig.read(bert))) {
            model.savePretrained(bert);
        }
        Path rows = Cli.lines(folder.resolve("t.csv"), "text", "甲乙丙甲", "乙乙丙", "丙甲甲乙丙");
        String[] task = {"--task", "masked-lm", "--mlm-probability", "0.5"};
        Cli run = run("finetune", bert.toString(), rows, Cli.words(List.of(task), List.of("--max-steps", "3")));

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("hidden with a chance of 0.5");
        assertThat(config()).contains("BertForMaskedLM");
        JsonNode figures = measure(rows, task);
        double loss = figures.path("eval_loss").asDouble();
        assertThat(loss).isBetween(1.0, 3.5);
        assertThat(figures.path("eval_perplexity").asDouble()).isCloseTo(Math.exp(loss), within(1e-6));
        assertThat(figures.path("eval_accuracy").asDouble()).isBetween(0.0, 1.0);

        // 4 + 3 + 5 words and two special tokens for each text are 18 tokens.
        String[] grouped = Cli.words(List.of(task), List.of("--line-by-line", "false", "--max-length", "8"));
        assertThat(run("finetune", bert.toString(), rows, grouped).err())
                .contains("blocks of 8 tokens", "2 rows, 16 tokens, longest 8, none cut");
        assertThat(run("evaluate", out, rows, Cli.words(List.of(task), List.of("--line-by-line", "false")))
                        .err())
                .contains("1 rows, 16 tokens");
    }
}
