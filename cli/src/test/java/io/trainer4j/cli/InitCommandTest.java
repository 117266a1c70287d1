package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {
    @TempDir
    Path folder;

    @Test
    void theFolderHasAModelAndATokenizerOfTheSameSize() throws IOException {
        Path model = Cli.tinyModel(folder.resolve("base"));
        assertThat(model)
                .isDirectoryContaining("glob:**/model.safetensors")
                .isDirectoryContaining("glob:**/tokenizer.json");
        assertThat(Files.readString(model.resolve("config.json")))
                .contains("\"hidden_size\" : 16", "\"num_hidden_layers\" : 1", "\"vocab_size\" : 265");
    }

    @Test
    void whatWasMadeIsToldAndNothingIsPrinted() {
        Path text = Cli.lines(folder.resolve("notes.txt"), "你好");
        Cli run = Cli.succeed(
                "init",
                "--text-file",
                text.toString(),
                "--output-dir",
                folder.resolve("m").toString());
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("Made " + folder.resolve("m") + ": 259 tokens, ")
                .endsWith("untrained.\n");
    }

    @Test
    void equalSeedsGiveEqualWeights() throws IOException {
        Path first = Cli.tinyModel(folder.resolve("a"));
        Path second = Cli.tinyModel(folder.resolve("b"));
        assertThat(Files.mismatch(first.resolve("model.safetensors"), second.resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void aFolderThatHoldsSomethingIsRefused() throws IOException {
        Path model = Cli.tinyModel(folder.resolve("base"));
        byte[] before = Files.readAllBytes(model.resolve("model.safetensors"));
        Cli run = init(model, "--seed", "7");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("The output folder " + model + " is not empty; choose another --output-dir.\n");
        assertThat(model.resolve("model.safetensors")).hasBinaryContent(before);
    }

    @Test
    void headsThatDoNotFitAreRefusedBeforeAnythingIsWritten() {
        Cli run = init(folder.resolve("m"), "--hidden-size", "16", "--num-attention-heads", "3");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("num_attention_heads 3").hasLineCount(1);
        assertThat(folder.resolve("m")).doesNotExist();
    }

    @Test
    void aTextThatCannotBeReadIsNamed() {
        Cli run = Cli.run(
                "init",
                "--text-file",
                "nowhere.txt",
                "--output-dir",
                folder.resolve("m").toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("nowhere.txt cannot be read").hasLineCount(1);
        Path bytes = Cli.bytes(folder.resolve("bytes"), new byte[] {(byte) 0xff});
        Cli broken = Cli.run(
                "init",
                "--text-file",
                bytes.toString(),
                "--output-dir",
                folder.resolve("m").toString());
        assertThat(broken.err()).contains("is not UTF-8");
        assertThat(folder.resolve("m")).doesNotExist();
    }

    private Cli init(Path output, String... more) {
        Path text = Cli.lines(folder.resolve("notes.txt"), "你好");
        return Cli.run(Cli.words(
                java.util.List.of("init", "--text-file", text.toString(), "--output-dir", output.toString()),
                java.util.List.of(more)));
    }
}
