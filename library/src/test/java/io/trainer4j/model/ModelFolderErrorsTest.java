package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Folders that cannot be opened: one sentence each that names the thing and the way out. */
class ModelFolderErrorsTest {
    @TempDir
    Path folder;

    @Test
    void missingFolder() {
        Path absent = folder.resolve("no-such-model");
        assertThat(refusal(() -> AutoModelForCausalLM.fromPretrained(absent)))
                .isEqualTo("There is no model folder " + absent
                        + "; --model takes a folder with config.json, tokenizer.json and model.safetensors.");
    }

    @Test
    void noConfiguration() {
        assertThat(refusal()).startsWith(folder + " has no config.json; a model folder holds config.json");
    }

    @Test
    void brokenConfiguration() throws IOException {
        Files.writeString(config(), "{\n\"model_type\": qwen2}");
        assertThat(refusal())
                .startsWith(config() + " is broken at line 2, column ")
                .endsWith("; copy the file again.");
    }

    @Test
    void configurationThatIsNotUtf8() throws IOException {
        Files.write(config(), new byte[] {'{', '"', (byte) 0xe4, '"', ':', '1', '}'});
        assertThat(refusal()).startsWith(config() + " ").contains("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "3", "", "null"})
    void configurationThatIsNoObject(String json) throws IOException {
        Files.writeString(config(), json);
        assertThat(refusal()).isEqualTo(config() + " does not hold a JSON object; copy the file again.");
    }

    @Test
    void noWeights() throws IOException {
        writeConfig(json -> {});
        assertThat(refusal())
                .isEqualTo(folder + " holds no weights: neither model.safetensors nor model.safetensors.index.json is"
                        + " there, nor pytorch_model.bin; download the model's safetensors files into it.");
    }

    @Test
    void pointerInsteadOfWeights() throws IOException {
        writeConfig(json -> {});
        Files.writeString(weights(), "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 988097824\n");
        assertThat(refusal())
                .contains(weights() + " is a Git LFS pointer, not the weights")
                .contains("git lfs pull");
    }

    @Test
    void truncatedWeights() throws IOException {
        save(TinyModel.QWEN2_TIED);
        byte[] whole = Files.readAllBytes(weights());
        Files.write(weights(), Arrays.copyOf(whole, whole.length - 100));
        assertThat(refusal())
                .startsWith(weights() + " is not a whole safetensors file: its tensors take ")
                .endsWith("copy or download the file again.");
    }

    @Test
    void everythingThatDoesNotFitIsListedAtOnce() throws IOException {
        save(TinyModel.QWEN2_TIED);
        rewrite(tensors -> {
            tensors.remove("model.norm.weight");
            tensors.put("model.surprise", TensorData.zeros(2));
            tensors.put("model.layers.1.mlp.up_proj.weight", TensorData.zeros(48, 31));
            return tensors;
        });
        assertThat(refusal())
                .isEqualTo("The weights in " + folder + " do not fit its config.json: "
                        + "model.layers.1.mlp.up_proj.weight has shape [48, 31] instead of [48, 32]; "
                        + "missing model.norm.weight [32]; unexpected model.surprise. "
                        + "Use the config.json that belongs to these weights.");
    }

    @Test
    void manyProblemsAreCounted() throws IOException {
        save(TinyModel.QWEN2_TIED);
        writeConfig(json -> json.put("num_hidden_layers", 4));
        assertThat(refusal()).contains("missing model.layers.2.").contains("; and 4 more. Use the config.json");
    }

    @Test
    void untiedModelWithoutItsHead() throws IOException {
        save(TinyModel.QWEN2_TIED);
        writeConfig(json -> json.put("tie_word_embeddings", false));
        assertThat(refusal()).contains("missing lm_head.weight [61, 32]");
    }

    @Test
    void headOfAnotherSize() {
        save(TinyModel.BERT_CLS);
        assertThat(refusal(() -> AutoModelForSequenceClassification.fromPretrained(folder, 2)))
                .contains("classifier.weight has shape [3, 32] instead of [2, 32]")
                .contains("classifier.bias has shape [3] instead of [2]")
                .endsWith("Ask for the number of labels the head was trained with.");
    }

    @Test
    void noLabels() {
        save(TinyModel.BERT_CLS);
        Throwable thrown = catchThrowable(() ->
                AutoModelForSequenceClassification.fromPretrained(folder, 0).close());
        assertThat(thrown).isInstanceOf(UsageException.class).hasMessageContaining("at least one label");
    }

    @Test
    void encoderAskedToGenerate() {
        save(TinyModel.BERT_CLS);
        assertThat(refusal())
                .startsWith(config() + " describes an encoder (bert), which does not generate text; use ")
                .contains("a decoder such as qwen2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            model_type         | "gpt_neox"            | has model_type "gpt_neox"; this version computes bert, distilbert, gemma3_text, gpt2, llama, mistral, qwen2, qwen3, roberta
            model_type         | null                  | has model_type ""; this version computes
            hidden_act         | "mish"                | asks for hidden_act "mish", which this version does not compute; it computes silu, gelu
            hidden_size        | null                  | lacks the number "hidden_size"; copy
            num_hidden_layers  | "two"                 | lacks the number "num_hidden_layers"; copy
            rope_scaling       | {"rope_type": "su"}   | asks for rope_type "su", which this version does not compute; it computes default, linear, dynamic, llama3 and yarn
            rope_scaling       | {"type": "linear"}    | lacks the number "factor" of its rope scaling
            rope_parameters    | {"rope_type": "longrope"} | asks for rope_type "longrope"
            rope_scaling       | {"rope_type": "llama3", "factor": 8.0} | lacks the number "low_freq_factor" of its rope scaling
            """)
    void configurationThatIsNotComputed(String key, String value, String complaint) throws IOException {
        writeConfig(json -> json.set(key, ModelConfig.JSON.readTree(value)));
        assertThat(refusal()).startsWith(config().toString()).contains(complaint);
    }

    @Test
    void rowLongerThanBertsPositions() {
        try (PretrainedModel model = TinyModel.BERT_CLS.create(0)) {
            assertThat(refusal(() -> {
                        model.logits(ModelInput.of(new int[41]), Mode.EVAL);
                        return model;
                    }))
                    .isEqualTo("A row has 41 tokens but the model has positions for 40; set --max-length 40 or less.");
        }
    }

    @Test
    void missingShard() throws IOException {
        writeConfig(json -> {});
        Files.writeString(index(), "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}}");
        assertThat(refusal())
                .isEqualTo("The shard model-00001-of-00002.safetensors listed in " + index()
                        + " is missing; download it into " + folder + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.safetensors", "/etc/passwd", "sub/x.safetensors", "..", ""})
    void shardOutsideTheFolder(String name) throws IOException {
        writeConfig(json -> {});
        Files.writeString(
                index(),
                ModelConfig.JSON
                        .createObjectNode()
                        .set("weight_map", ModelConfig.JSON.createObjectNode().put("a", name))
                        .toString());
        assertThat(refusal()).contains(index().toString()).contains("outside its folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"weight_map\": {}}", "{\"weight_map\": 3}"})
    void indexWithoutShards(String json) throws IOException {
        writeConfig(ignored -> {});
        Files.writeString(index(), json);
        assertThat(refusal()).isEqualTo(index() + " lists no shards in its weight_map; download it again.");
    }

    @Test
    void brokenIndex() throws IOException {
        writeConfig(json -> {});
        Files.writeString(index(), "{\"weight_map\": {");
        assertThat(refusal()).startsWith(index() + " is broken at line 1, column ");
    }

    private Path config() {
        return folder.resolve("config.json");
    }

    private Path weights() {
        return folder.resolve("model.safetensors");
    }

    private Path index() {
        return folder.resolve("model.safetensors.index.json");
    }

    private void save(TinyModel tiny) {
        try (PretrainedModel model = tiny.create(0)) {
            model.savePretrained(folder);
        }
    }

    private void writeConfig(Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode) TinyModel.QWEN2_TIED.config().json();
        change.accept(json);
        Files.writeString(config(), json.toString());
    }

    private void rewrite(Function<Map<String, Tensor>, Map<String, Tensor>> change) throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            try (SafetensorsFile file = SafetensorsFile.open(weights())) {
                file.names().forEach(name -> tensors.put(name, file.load(name)));
            }
            Files.delete(weights());
            SafetensorsFile.write(weights(), change.apply(tensors));
        }
    }

    private String refusal() {
        return refusal(() -> AutoModelForCausalLM.fromPretrained(folder));
    }

    private static String refusal(Supplier<AutoCloseable> opening) {
        Throwable thrown = catchThrowable(() -> opening.get().close());
        assertThat(thrown).isInstanceOf(TrainerException.class).isNotInstanceOf(UsageException.class);
        assertThat(thrown.getMessage()).endsWith(".").doesNotContain("\n", "Exception", "tools.jackson");
        return thrown.getMessage();
    }
}
