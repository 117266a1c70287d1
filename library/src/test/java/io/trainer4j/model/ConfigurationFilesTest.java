package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code config.json} and {@code generation_config.json} as files. */
class ConfigurationFilesTest {
    @TempDir
    private Path folder;

    @Test
    void aFolderOrFileThatIsMissingIsNamed() {
        assertThatThrownBy(() -> ModelConfig.read(folder.resolve("nowhere")))
                .isInstanceOf(TrainerException.class)
                .hasMessageStartingWith("There is no model folder " + folder.resolve("nowhere"));
        assertThatThrownBy(() -> ModelConfig.read(folder))
                .isInstanceOf(TrainerException.class)
                .hasMessageStartingWith(folder + " has no config.json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [1] | does not hold a JSON object
            7 | does not hold a JSON object
            `` | does not hold a JSON object
            {"a": 1,} | is broken at line 1, column
            {"a": tru | is broken at line 1, column
            """)
    void aBrokenFileIsNamed(String content, String message) throws IOException {
        Files.writeString(folder.resolve("config.json"), content);
        assertThatThrownBy(() -> ModelConfig.read(folder))
                .isInstanceOf(TrainerException.class)
                .hasMessageStartingWith(folder.resolve("config.json") + " " + message)
                .hasMessageEndingWith("copy the file again.");
    }

    @Test
    void aFileInAnotherEncodingIsNamed() throws IOException {
        Files.write(folder.resolve("config.json"), new byte[] {'{', '"', (byte) 0xc4, (byte) 0xe3, '"', ':', '1', '}'});
        assertThatThrownBy(() -> ModelConfig.read(folder))
                .isInstanceOf(TrainerException.class)
                .hasMessage(folder.resolve("config.json") + " is not UTF-8 text; copy the file again.");
    }

    @Test
    void theSourceIsToldInMessages() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"hidden_size\": \"many\"}");
        ModelConfig config = ModelConfig.read(folder);
        assertThat(config.source()).isEqualTo(folder.resolve("config.json").toString());
        assertThatThrownBy(() -> config.integer("hidden_size"))
                .hasMessage(folder.resolve("config.json")
                        + " lacks the number \"hidden_size\"; copy the model's config.json again.");
        assertThatThrownBy(() -> config.integer("vocab_size")).hasMessageContaining("lacks the number \"vocab_size\"");
    }

    @Test
    void whatIsSavedKeepsUnknownKeysAndNamesTheWeights() {
        ModelConfig config =
                of("{\"architectures\": [\"Old\"], \"torch_dtype\": \"bfloat16\", \"my_key\": {\"a\": [1, 2]}}");
        JsonNode saved = ModelConfig.JSON.readTree(config.toJson("Qwen2ForCausalLM", "float32"));
        assertThat(saved.path("architectures").toString()).isEqualTo("[\"Qwen2ForCausalLM\"]");
        assertThat(saved.path("dtype").asString()).isEqualTo("float32");
        assertThat(saved.has("torch_dtype")).isFalse();
        assertThat(saved.path("my_key").toString()).isEqualTo("{\"a\":[1,2]}");
        assertThat(config.json().path("torch_dtype").asString())
                .as("the configuration itself stays")
                .isEqualTo("bfloat16");
    }

    @Test
    void aNewDecoderIsDescribedInFull() {
        ModelConfig config = ModelConfig.qwen2(300, 32, 64, 3, 4, 2, 128, 299, 297);
        assertThat(config.modelType()).isEqualTo("qwen2");
        assertThat(config.integer("vocab_size")).isEqualTo(300);
        assertThat(config.integer("num_hidden_layers")).isEqualTo(3);
        assertThat(config.maxPositions()).isEqualTo(128);
        assertThat(config.eosTokenIds()).containsExactly(299);
        assertThat(config.tieWordEmbeddings(false)).isTrue();
        assertThat(config.withoutTiedEmbeddings().tieWordEmbeddings(true)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"30, 4, 2", "32, 4, 3", "12, 4, 2", "32, 5, 1"})
    void headsThatDoNotFitAreRefused(int hidden, int heads, int keyValueHeads) {
        assertThatThrownBy(() -> ModelConfig.qwen2(300, hidden, 64, 1, heads, keyValueHeads, 128, 2, 0))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("hidden_size " + hidden + ", num_attention_heads " + heads
                        + " and num_key_value_heads " + keyValueHeads + " do not fit");
    }

    @Test
    void keysThatAreAbsentHaveDefaults() {
        ModelConfig empty = of("{}");
        assertThat(empty.modelType()).isEmpty();
        assertThat(empty.declaredPositions()).isEqualTo(Integer.MAX_VALUE);
        assertThat(empty.tieWordEmbeddings(true)).isTrue();
        assertThat(empty.flag("use_sliding_window")).isFalse();
        assertThat(of("{\"use_sliding_window\": true}").flag("use_sliding_window"))
                .isTrue();
        assertThat(of("{\"num_labels\": 1}").labels()).containsExactly("LABEL_0");
    }

    @Test
    void generationSettingsOfOtherProgramsAreKept() throws IOException {
        String text = "{\"top_k\": 7, \"assistant_model\": \"x\", \"do_sample\": true}";
        Files.writeString(folder.resolve("generation_config.json"), text);
        GenerationFile file = GenerationFile.read(folder, of("{\"eos_token_id\": 3}"));
        assertThat(file.text()).isEqualTo(text);
        assertThat(file.config().topK()).isEqualTo(7);
        assertThat(file.config().doSample()).isTrue();
        assertThat(file.config().eosTokenIds()).containsExactly(3);
    }

    @Test
    void aModelWithoutTheFileGetsOne() {
        GenerationFile file = GenerationFile.read(folder, of("{\"eos_token_id\": [3, 4]}"));
        assertThat(file.config()).isEqualTo(GenerationConfig.greedy(Set.of(3, 4)));
        JsonNode json = ModelConfig.JSON.readTree(file.text());
        assertThat(json.path("do_sample").asBoolean(true)).isFalse();
        assertThat(json.path("eos_token_id").toString()).isEqualTo("[3,4]");
    }

    @Test
    void limitsAndEndTokensAreChangedInCopies() {
        GenerationConfig greedy = GenerationConfig.greedy(Set.of(1));
        assertThat(greedy.maxNewTokens()).isEqualTo(256);
        assertThat(greedy.withMaxNewTokens(5).maxNewTokens()).isEqualTo(5);
        assertThat(greedy.withMaxNewTokens(5).eosTokenIds()).containsExactly(1);
        assertThat(greedy.withEosTokenId(1)).isEqualTo(greedy);
        assertThatThrownBy(() -> greedy.withMaxNewTokens(0))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("max_new_tokens is 0");
    }

    private static ModelConfig of(String json) {
        return ModelConfig.of((ObjectNode) ModelConfig.JSON.readTree(json));
    }
}
