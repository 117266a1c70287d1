package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SearchCommandTest {
    @TempDir
    Path folder;

    @Test
    void theBestArgumentsAreAConfigThatFinetuneTakes() throws IOException {
        Path study = folder.resolve("study");
        Cli run = search(study, "2");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode json = JsonMapper.shared().readTree(study.resolve("study.json").toFile());
        assertThat(json.path("trials")).hasSize(2);
        assertThat(run.out()).isEqualTo(Files.readString(study.resolve("run.yaml")));
        assertThat(run.err()).contains("trial 0 complete: eval_loss ", "trial 1 complete");

        Cli.succeed("finetune", "--config", study.resolve("run.yaml").toString());
        assertThat(study.resolve("best/model.safetensors")).exists();

        JsonNode more =
                JsonMapper.shared().readTree(goesOn(study).resolve("study.json").toFile());
        assertThat(more.path("trials")).hasSize(3);
        assertThat(more.path("trials").path(0)).isEqualTo(json.path("trials").path(0));
    }

    private Path goesOn(Path study) {
        assertThat(search(study, "3").status()).isZero();
        return study;
    }

    @Test
    void whatCannotBeVariedIsRefused() {
        Cli run = search(folder.resolve("study"), "1", "learning_rat=uniform:0,1");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.lastError()).contains("learning_rat", "did you mean learning_rate?");
        run = search(folder.resolve("study"), "1", "learning_rate=uniform:-1,1");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.lastError()).contains("learning_rate is -1");
    }

    private Cli search(Path study, String trials, String... space) {
        Path base = folder.resolve("base");
        if (!Files.exists(base)) {
            Cli.tinyModel(base);
        }
        return Cli.run(Cli.words(
                List.of("search", "--model", base.toString(), "--output-dir", study.toString()),
                List.of("--train-file", Cli.questions(folder.resolve("qa.csv")).toString()),
                List.of("--max-steps", "2", "--n-trials", trials, "--search"),
                space.length > 0 ? List.of(space) : List.of("learning_rate=loguniform:1e-4,1e-2", "seed=int:1,9")));
    }
}
