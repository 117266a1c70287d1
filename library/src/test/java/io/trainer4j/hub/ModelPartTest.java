package io.trainer4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPartTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            model.safetensors pytorch_model.bin                         | model.safetensors
            model.safetensors model.safetensors.index.json              | model.safetensors
            model.safetensors.index.json pytorch_model.bin              | model.safetensors.index.json
            pytorch_model.bin pytorch_model.bin.index.json              | pytorch_model.bin
            pytorch_model.bin.index.json x.bin                          | pytorch_model.bin.index.json
            """)
    void ofSeveralFormsOfTheWeightsTheBestIsTaken(String available, String chosen) {
        assertThat(ModelPart.WEIGHTS.choose(List.of(available.split(" ", -1)))).containsExactly(chosen);
    }

    @Test
    void configurationBelongsToBothParts() {
        List<String> available = List.of(
                "README.md", "config.json", "generation_config.json", "model.safetensors", "spiece.model", "vocab.txt");

        assertThat(ModelPart.WEIGHTS.choose(available))
                .containsExactly("config.json", "generation_config.json", "model.safetensors");
        assertThat(ModelPart.TOKENIZER.choose(available)).containsExactly("config.json", "vocab.txt", "spiece.model");
    }

    @Test
    void chatTemplatesOfTheirOwnNamesBelongToTheTokenizer() {
        List<String> available = List.of(
                "additional_chat_templates/tool_use.jinja",
                "additional_chat_templates/rag.jinja",
                "additional_chat_templates/notes.txt",
                "additional_chat_templates/../../x.jinja",
                "additional_chat_templates/a/b.jinja",
                "other/rag.jinja");

        assertThat(ModelPart.TOKENIZER.choose(available))
                .containsExactly("additional_chat_templates/rag.jinja", "additional_chat_templates/tool_use.jinja");
        assertThat(ModelPart.WEIGHTS.choose(available)).isEmpty();
    }

    @Test
    void chatTemplatesOfTheirOwnNamesAreDownloaded() {
        try (FakeHub hub = new FakeHub()
                .with("tokenizer.json", "{}")
                .with("additional_chat_templates/tool_use.jinja", "{{ tools }}")) {
            Path snapshot =
                    hub.client(folder).snapshot(new HubReference(FakeHub.MODEL, "main"), Set.of(ModelPart.TOKENIZER));

            assertThat(snapshot.resolve("additional_chat_templates/tool_use.jinja"))
                    .hasContent("{{ tools }}");
        }
    }

    @Test
    void anIndexListsEveryShardOnce() throws IOException {
        assertThat(ModelPart.shards(index("{\"metadata\": {}, \"weight_map\": {\"a\": \"s-2.bin\", \"b\": \"s-1.bin\","
                        + " \"c\": \"s-2.bin\"}}")))
                .containsExactly("s-1.bin", "s-2.bin");
        assertThat(ModelPart.shards(index("{\"weight_map\": {}}"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"weight_map\": null}",
                "{\"weight_map\": {\"a\": ",
                "version https://git-lfs.github.com/spec/v1"
            })
    void aBrokenIndexIsNamed(String content) throws IOException {
        Path index = index(content);

        assertThatThrownBy(() -> ModelPart.shards(index))
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageStartingWith(index + " is broken (")
                .hasMessageEndingWith("); delete it and download again.");
    }

    @Test
    void weightsWithoutTheirConfigurationAreNotEnough() throws IOException {
        Files.createFile(folder.resolve("model.safetensors"));
        assertThat(ModelPart.WEIGHTS.isIn(folder)).isFalse();
        Files.createFile(folder.resolve("config.json"));
        assertThat(ModelPart.WEIGHTS.isIn(folder)).isTrue();
        assertThat(ModelPart.TOKENIZER.isIn(folder)).isFalse();
        Files.createFile(folder.resolve("spiece.model"));
        assertThat(ModelPart.TOKENIZER.isIn(folder)).isTrue();
    }

    private Path index(String content) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), content);
    }
}
