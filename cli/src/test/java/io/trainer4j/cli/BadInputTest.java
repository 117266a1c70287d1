package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each wrong input to a fine-tuning gives one sentence that names it and the way out, and leaves nothing behind. */
class BadInputTest {
    @TempDir
    static Path models;

    @TempDir
    Path folder;

    private static Path base;

    private Path model;
    private Path rows;
    private Path out;

    @BeforeAll
    static void init() {
        base = Cli.tinyModel(models.resolve("base"));
    }

    @BeforeEach
    void copyModel() throws IOException {
        model = Files.createDirectory(folder.resolve("model"));
        for (String name : base.toFile().list()) {
            Files.copy(base.resolve(name), model.resolve(name));
        }
        rows = Cli.questions(folder.resolve("qa.csv"));
        out = folder.resolve("out");
    }

    @Test
    void missingFile() {
        rows = folder.resolve("nowhere.csv");
        assertRefused(1, "File " + rows + " does not exist; check the path.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "Question,Answer\n", "[]"})
    void emptyFile(String content) {
        Cli.bytes(rows, content.getBytes(StandardCharsets.UTF_8));
        assertRefused(1, "File " + rows + " has no rows; give a file with data.");
    }

    @Test
    void missingColumn() {
        Cli.lines(rows, "department,title,ask,answer", "a,b,c,d");
        assertRefused(
                2,
                "There is no column \"Question\" in " + rows
                        + "; choose one with --prompt-column: department, title, ask, answer.");
    }

    @ParameterizedTest
    @CsvSource({"'甲,一,二',3", "甲,1"})
    void wrongNumberOfFields(String line, int found) {
        Cli.lines(rows, "Question,Answer", "问,答", line);
        assertRefused(1, "File " + rows + ", line 3: expected 2 fields as in the header, found " + found);
    }

    @Test
    void undecodableBytes() {
        Cli.bytes(rows, new byte[] {'Q', ',', 'A', '\n', (byte) 0xff, (byte) 0xff, '\n'});
        assertRefused(1, "File " + rows + " cannot be decoded: line 2 is not valid UTF-8", "--encoding");
    }

    @Test
    void missingModelFolder() {
        model = Path.of("Qwen", "Qwen2.5-0.5B-Instruct");
        assertRefused(
                1, "There is no model folder " + model + ", and the cache ", "download it once without --offline");
        model = Path.of("..", "nowhere");
        assertRefused(1, "There is no model folder " + model + "; --model takes a folder with config.json");
    }

    @Test
    void modelWithoutWeights() throws IOException {
        Files.delete(model.resolve("model.safetensors"));
        assertRefused(1, model + " holds no weights: neither model.safetensors nor", "download");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "tokenizer.json"})
    void gitLfsPointer(String name) {
        Cli.lines(model.resolve(name), "version https://git-lfs.github.com/spec/v1", "oid sha256:00", "size 9");
        assertRefused(1, model.resolve(name) + " is a Git LFS pointer", "git lfs pull");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 100, -1})
    void truncatedWeights(int length) throws IOException {
        Path file = model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, length < 0 ? whole.length + length : length));
        assertRefused(1, file + " is not a whole safetensors file", "copy or download the file again.");
    }

    @Test
    void corruptWeights() throws IOException {
        Path file = model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        whole[20] = '!';
        Files.write(file, whole);
        assertRefused(1, file + " is not a whole safetensors file", "copy or download the file again.");
    }

    @Test
    void weightsOfAnotherShape() throws IOException {
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"vocab_size\" : 265", "\"vocab_size\" : 300"));
        assertRefused(1, "The weights in " + model + " do not fit its config.json", "[265, 16] instead of [300, 16]");
    }

    @Test
    void brokenConfigOrTokenizer() {
        Cli.lines(model.resolve("tokenizer.json"), "{");
        assertRefused(1, model.resolve("tokenizer.json") + " is broken at line");
        Cli.lines(model.resolve("config.json"), "[]");
        assertRefused(1, model.resolve("config.json") + " does not hold a JSON object");
    }

    @Test
    void tokenizerLargerThanTheEmbedding() throws IOException {
        Path text = Cli.lines(folder.resolve("longer.txt"), "好好学习天天向上，好好学习天天向上，糖尿病糖尿病");
        Path other = folder.resolve("other");
        Cli.succeed("init", "--text-file", text.toString(), "--output-dir", other.toString());
        Files.copy(
                other.resolve("tokenizer.json"), model.resolve("tokenizer.json"), StandardCopyOption.REPLACE_EXISTING);
        String sentence = "The tokenizer in " + model + " has ";
        assertRefused(1, sentence, "but the model embeds only 265; use the tokenizer that belongs to these weights.");
        assertThat(Cli.run("generate", "--model", model.toString(), "--prompt", "x")
                        .err())
                .startsWith(sentence);
        assertThat(Cli.run("evaluate", "--model", model.toString(), "--eval-file", rows.toString())
                        .lastError())
                .startsWith(sentence);
    }

    @Test
    void rowsOfWhichNoneHasAnythingLeftToTrainOn() {
        assertRefused(
                1,
                List.of("--max-length", "8"),
                "In every row nothing is left to train on, beginning with \"问",
                "its prompt alone fills the 8 tokens of --max-length; set --max-length ");
        Cli.lines(rows, "Question,Answer", "问".repeat(70) + ",一", "答".repeat(70) + ",一");
        assertRefused(1, List.of("--test-size", "0"), "问…\": ", "64 tokens of --max-length; shorten the prompts.");
    }

    @Test
    void outputFolderThatIsNotEmpty() throws IOException {
        Files.createDirectory(out);
        Path note = Cli.lines(out.resolve("note.txt"), "mine");
        Cli run = finetune(List.of());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("The output folder " + out + " is not empty; choose another --output-dir, or continue its"
                        + " run with --resume-from-checkpoint true.\n");
        assertThat(out.toFile().list()).containsExactly(note.getFileName().toString());
        assertThat(finetune(List.of("--resume-from-checkpoint", "false")).err()).isEqualTo(run.err());
    }

    @Test
    void outputFolderThatCannotBeMade() {
        out = rows.resolve("out");
        assertRefused(1, "Could not write " + out, "choose another folder");
    }

    @Test
    void checkpointThatIsNotThere() {
        assertRefused(2, List.of("--resume-from-checkpoint", "checkpoint-7"), "There is no checkpoint folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--test-size 10|leaves nothing to train on in a dataset of 10 rows",
                "--test-size 1.5|Test size 1.5 is neither a share",
                "--max-length 65|--max-length 65 is more than the 64 positions the model has",
                "--encoding latin1|Encoding \"latin1\" is not supported; give auto, utf-8 or gb18030.",
                "--eval-strategy epoch --test-size 0|there is no evaluation set",
                "--load-best-model-at-end|needs the same eval_strategy and save_strategy",
                "--dataloader-drop-last --per-device-train-batch-size 9|fewer than one batch of 9",
                "--lerning-rate 3|did you mean --learning-rate?",
            })
    void optionsThatDoNotFit(String options, String sentence) {
        assertRefused(2, List.of(options.split(" ")), sentence);
    }

    @Test
    void classifierWithoutLabels() {
        Cli.lines(rows, "text,label", "甲,好", "乙,", "丙,坏");
        assertRefused(2, List.of("--task", "sequence-classification", "--no-clean"), "Row 2 has no label");
        Cli.lines(rows, "text,label", "甲,好", "乙,好", "丙,好");
        assertRefused(2, List.of("--task", "sequence-classification"), "Every row has the label \"好\"");
    }

    private void assertRefused(int status, String... pieces) {
        assertRefused(status, List.of(), pieces);
    }

    private void assertRefused(int status, List<String> options, String... pieces) {
        Cli run = finetune(options);
        assertThat(run.lastError()).contains(pieces);
        assertThat(run.status()).isEqualTo(status);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).doesNotContain("\tat ", "Something failed");
        if (Files.exists(out)) {
            assertThat(out).isEmptyDirectory();
        }
    }

    private Cli finetune(List<String> options) {
        return Cli.run(Cli.words(
                List.of("finetune", "--model", model.toString(), "--train-file", rows.toString()),
                List.of("--output-dir", out.toString(), "--max-steps", "2"),
                options));
    }
}
