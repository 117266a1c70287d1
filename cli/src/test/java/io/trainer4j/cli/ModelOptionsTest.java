package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.hub.HubSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models taken by name: the tests' environment has a cache of its own and no network. */
class ModelOptionsTest {
    private static final String COMMIT = "00112233445566778899aabbccddeeff00112233";

    @TempDir
    Path folder;

    @BeforeAll
    static void cache(@TempDir Path made) throws IOException {
        Path model = HubSettings.ofEnvironment().cache().resolve("models--trainer4j-test--tiny");
        Path snapshot = Files.createDirectories(model.resolve("snapshots").resolve(COMMIT));
        Files.createDirectories(model.resolve("refs"));
        Files.writeString(model.resolve("refs/main"), COMMIT);
        try (Stream<Path> files = Files.list(Cli.tinyModel(made.resolve("tiny")))) {
            for (Path file : files.toList()) {
                Files.write(snapshot.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
    }

    @Test
    void aNameOnTheHubIsTrainedAskedAndMeasured() {
        String rows = Cli.questions(folder.resolve("rows.csv")).toString();
        String out = folder.resolve("out").toString();
        String name = "trainer4j-test/tiny";
        Cli.succeed(Cli.words(
                List.of("finetune", "--model", name, "--offline", "--train-file", rows, "--output-dir", out),
                List.of("--max-steps", "1", "--save-strategy", "no", "--test-size", "0")));
        assertThat(Path.of(out, "run.yaml")).content().contains("model: \"" + name + "\"", "offline: true");
        Cli.succeed("generate", "--model", name + "@" + COMMIT, "--prompt", "x", "--max-new-tokens", "1");
        assertThat(Cli.succeed("evaluate", "--model", name, "--eval-file", rows).out())
                .contains("eval_loss");
        assertThat(Cli.runWithInput("/bye\n".getBytes(StandardCharsets.UTF_8), "chat", "--model", name)
                        .status())
                .isZero();
    }

    @Test
    void aNameTheCacheDoesNotKnowIsToldWithTheNearest() {
        Cli run = Cli.run("generate", "--model", "trainer4j-test/tinny", "--offline", "--prompt", "x");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.lastError())
                .startsWith("There is no model folder trainer4j-test/tinny, and the cache ")
                .contains("; did you mean trainer4j-test/tiny?", "--offline (HF_HUB_OFFLINE)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"finetune", "evaluate", "generate", "chat"})
    void helpNamesBothKindsOfReference(String command) {
        String help = Cli.succeed(command, "--help").out().replaceAll("\\s+", " ");
        assertThat(help)
                .contains("--model=REF A model's folder", "or its name on the Hugging Face Hub", "--offline")
                .contains("Model options");
    }
}
