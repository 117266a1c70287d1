package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.hub.HubSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Models opened by name; the tests' environment has a cache of its own and no network. */
class ModelReferenceTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @Test
    void aNameOpensTheModelInTheCache() throws IOException {
        Path model = HubSettings.ofEnvironment().cache().resolve("models--trainer4j-test--reference");
        Files.createDirectories(model.resolve("refs"));
        Files.writeString(model.resolve("refs/main"), COMMIT);
        Path snapshot = model.resolve("snapshots").resolve(COMMIT);
        try (PretrainedModel tiny = TinyModel.QWEN2_TIED.create(0)) {
            tiny.savePretrained(snapshot);
        }
        try (CausalLM decoder = AutoModelForCausalLM.fromPretrained("trainer4j-test/reference");
                SequenceClassifier classifier =
                        AutoModelForSequenceClassification.fromPretrained("trainer4j-test/reference@" + COMMIT)) {
            assertThat(decoder.vocabSize()).isEqualTo(TinyModel.VOCABULARY);
            assertThat(classifier.vocabSize()).isEqualTo(TinyModel.VOCABULARY);
        }
        try (CausalLM decoder = AutoModelForCausalLM.fromPretrained(snapshot.toString())) {
            assertThat(decoder.vocabSize()).isEqualTo(TinyModel.VOCABULARY);
        }
    }

    @Test
    void aNameNobodyKnowsIsNoFolder() {
        assertThatThrownBy(() -> AutoModelForCausalLM.fromPretrained("trainer4j-test/absent")
                        .close())
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageStartingWith("There is no model folder trainer4j-test/absent, and the cache ");
    }
}
