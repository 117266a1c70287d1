package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.model.PretrainedModel.DType;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is saved can be opened again: by this library here, by Python in the golden tests. */
class SavedModelTest {
    private static final ModelInput INPUT = ModelInput.of(new int[] {5, 9, 33, 60});

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void fullPrecisionIsExact(TinyModel tiny) {
        try (PretrainedModel model = tiny.create(0)) {
            model.savePretrained(folder);
            assertSameWeights(tiny, model);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shardsAreOneModel(TinyModel tiny) throws IOException {
        try (PretrainedModel model = tiny.create(0)) {
            model.savePretrained(folder);
            shard();
            assertSameWeights(tiny, model);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bfloat16KeepsEightBits(TinyModel tiny) {
        assertRounded(tiny, DType.BFLOAT16, "bfloat16", 0x1p-8f);
    }

    @ParameterizedTest
    @EnumSource
    void float16KeepsElevenBits(TinyModel tiny) {
        assertRounded(tiny, DType.FLOAT16, "float16", 0x1p-11f);
    }

    private void assertRounded(TinyModel tiny, DType dtype, String name, float relative) {
        try (Scope scope = Scope.open();
                PretrainedModel model = tiny.create(0)) {
            model.savePretrained(folder, dtype);
            assertThat(config().path("dtype").asString()).isEqualTo(name);
            try (PretrainedModel again = tiny.open(folder)) {
                model.parameters().asMap().forEach((key, tensor) -> {
                    float[] before = TensorData.toFloats(tensor);
                    float[] after = TensorData.toFloats(again.parameters().get(key));
                    assertThat(IntStream.range(0, before.length)
                                    .filter(i ->
                                            Math.abs(after[i] - before[i]) > Math.abs(before[i]) * relative + 1e-7f))
                            .as(key)
                            .isEmpty();
                });
            }
        }
    }

    @Test
    void tiedEmbeddingIsWrittenOnce() {
        try (PretrainedModel model = TinyModel.QWEN2_TIED.create(0)) {
            model.savePretrained(folder);
            try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
                assertThat(file.names()).contains("model.embed_tokens.weight").doesNotContain("lm_head.weight");
            }
        }
    }

    @Test
    void configurationKeepsWhatThisVersionDoesNotUse() throws IOException {
        try (PretrainedModel model = TinyModel.QWEN2_TIED.create(0)) {
            model.savePretrained(folder);
        }
        ObjectNode json = (ObjectNode) config();
        json.put("torch_dtype", "bfloat16").put("custom", "保留").remove("dtype");
        Files.writeString(folder.resolve("config.json"), json.toString());
        try (PretrainedModel model = AutoModelForCausalLM.fromPretrained(folder)) {
            model.savePretrained(folder);
        }
        assertThat(config().path("custom").asString()).isEqualTo("保留");
        assertThat(config().path("dtype").asString()).isEqualTo("float32");
        assertThat(config().has("torch_dtype")).isFalse();
        assertThat(config().path("architectures").toString()).isEqualTo("[\"Qwen2ForCausalLM\"]");
    }

    @Test
    void aHeadThatDiffersFromTheTiedEmbeddingIsKept() throws IOException {
        try (Scope scope = Scope.open();
                PretrainedModel model = TinyModel.QWEN2_UNTIED.create(0)) {
            model.savePretrained(folder);
            writeConfig(((ObjectNode) config()).put("tie_word_embeddings", true));
            assertSameWeights(TinyModel.QWEN2_UNTIED, model);
            Path saved = folder.resolve("saved");
            try (PretrainedModel again = AutoModelForCausalLM.fromPretrained(folder)) {
                again.savePretrained(saved);
                assertThat(ModelConfig.read(saved).tieWordEmbeddings(true)).isFalse();
            }
            try (PretrainedModel again = AutoModelForCausalLM.fromPretrained(saved)) {
                assertSameLogits(model, again);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHeadThatIsTheTiedEmbeddingOrStandsForItIsOneMatrix(boolean both) throws IOException {
        try (Scope scope = Scope.open();
                PretrainedModel model = TinyModel.QWEN2_TIED.create(0)) {
            model.savePretrained(folder);
            Map<String, Tensor> stored = new LinkedHashMap<>(model.parameters().asMap());
            stored.put(
                    "lm_head.weight",
                    both ? stored.get("model.embed_tokens.weight") : stored.remove("model.embed_tokens.weight"));
            rewrite(stored);
            assertSameWeights(TinyModel.QWEN2_TIED, model);
        }
    }

    @Test
    void generationConfigurationIsWrittenBackAsItWas() throws IOException {
        try (PretrainedModel model = TinyModel.QWEN2_TIED.create(0)) {
            model.savePretrained(folder);
        }
        String text = """
                {"temperature": 0.7, "custom": {"保留": [1, null]}, "transformers_version": "4.37.0"}
                """;
        Files.writeString(folder.resolve("generation_config.json"), text);
        Path saved = folder.resolve("saved");
        try (PretrainedModel model = AutoModelForCausalLM.fromPretrained(folder)) {
            model.savePretrained(saved);
        }
        assertThat(saved.resolve("generation_config.json")).hasContent(text);
    }

    @Test
    void untiedIsTheDefaultOfDecodersAsInPython() {
        // Qwen2Config and LlamaConfig say tie_word_embeddings=False; files from before the key existed have lm_head.
        try (PretrainedModel model = TinyModel.QWEN2_UNTIED.create(0)) {
            model.savePretrained(folder);
            ObjectNode json = (ObjectNode) config();
            json.remove("tie_word_embeddings");
            writeConfig(json);
            assertSameWeights(TinyModel.QWEN2_UNTIED, model);
        }
    }

    @Test
    void weightsOfABackboneAloneAreFound() throws IOException {
        try (Scope scope = Scope.open();
                PretrainedModel model = TinyModel.BERT_CLS.create(0)) {
            model.savePretrained(folder);
            Map<String, Tensor> renamed = new LinkedHashMap<>();
            model.parameters().asMap().forEach((name, tensor) -> {
                if (name.startsWith("bert.")) {
                    renamed.put(
                            name.substring("bert.".length())
                                    .replace("LayerNorm.weight", "LayerNorm.gamma")
                                    .replace("LayerNorm.bias", "LayerNorm.beta"),
                            tensor);
                }
            });
            rewrite(renamed);
            try (PretrainedModel again = AutoModelForSequenceClassification.fromPretrained(folder, 5)) {
                assertThat(TensorData.toFloats(again.parameters().get("bert.encoder.layer.1.output.LayerNorm.bias")))
                        .containsExactly(TensorData.toFloats(
                                model.parameters().get("bert.encoder.layer.1.output.LayerNorm.bias")));
                assertThat(again.parameters().get("classifier.weight").shape()).containsExactly(5, 32);
                assertThat(again.logits(INPUT, Mode.EVAL).shape()).containsExactly(1, 5);
            }
        }
    }

    @Test
    void classNamesAreSavedAndRead() {
        try (PretrainedModel model = TinyModel.QWEN2_TIED.create(0)) {
            model.savePretrained(folder);
        }
        Path saved = folder.resolve("classifier");
        try (PretrainedModel model =
                AutoModelForSequenceClassification.fromPretrained(folder, List.of("否", "是", "?"))) {
            model.savePretrained(saved);
        }
        try (PretrainedModel model = AutoModelForSequenceClassification.fromPretrained(saved)) {
            assertThat(model.config().labels()).containsExactly("否", "是", "?");
            assertThat(model.parameters().get("score.weight").shape()).containsExactly(3, 32);
        }
    }

    @Test
    void loadWeightsReplacesAll() {
        try (Scope scope = Scope.open();
                PretrainedModel model = TinyModel.LLAMA.create(0);
                PretrainedModel other = TinyModel.LLAMA.create(1)) {
            model.savePretrained(folder);
            other.loadWeights(folder);
            assertSameLogits(model, other);
        }
    }

    @Test
    void loadedWeightsAreTrainableFloats() {
        try (PretrainedModel model = TinyModel.LLAMA.create(0)) {
            model.savePretrained(folder, DType.BFLOAT16);
        }
        try (PretrainedModel model = AutoModelForCausalLM.fromPretrained(folder)) {
            assertThat(model.parameters().asMap().values())
                    .allMatch(p -> p.requires_grad() && p.scalar_type().intern() == ScalarType.Float);
        }
    }

    private void assertSameWeights(TinyModel tiny, PretrainedModel model) {
        try (Scope scope = Scope.open();
                PretrainedModel again = tiny.open(folder)) {
            assertThat(again.parameters().asMap().keySet())
                    .containsExactlyElementsOf(model.parameters().asMap().keySet());
            model.parameters()
                    .asMap()
                    .forEach((name, tensor) -> assertThat(
                                    TensorData.toFloats(again.parameters().get(name)))
                            .containsExactly(TensorData.toFloats(tensor)));
            assertSameLogits(model, again);
        }
    }

    private static void assertSameLogits(PretrainedModel model, PretrainedModel again) {
        assertThat(TensorData.toFloats(again.logits(INPUT, Mode.EVAL)))
                .containsExactly(TensorData.toFloats(model.logits(INPUT, Mode.EVAL)));
    }

    /** Splits the folder's weights into two files and an index, as large models are. */
    private void shard() throws IOException {
        ObjectNode map = ModelConfig.JSON.createObjectNode();
        try (Scope scope = Scope.open();
                SafetensorsFile whole = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
            List<Map<String, Tensor>> shards = List.of(new LinkedHashMap<>(), new LinkedHashMap<>());
            int count = 0;
            for (String name : whole.names()) {
                int shard = count++ % 2;
                shards.get(shard).put(name, whole.load(name));
                map.put(name, "part-" + shard + ".safetensors");
            }
            for (int i = 0; i < 2; i++) {
                SafetensorsFile.write(folder.resolve("part-" + i + ".safetensors"), shards.get(i));
            }
        }
        Files.delete(folder.resolve("model.safetensors"));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                ModelConfig.JSON.createObjectNode().set("weight_map", map).toString());
    }

    private void rewrite(Map<String, Tensor> tensors) throws IOException {
        Path file = folder.resolve("model.safetensors");
        Files.delete(file);
        SafetensorsFile.write(file, tensors);
    }

    private JsonNode config() {
        return ModelConfig.read(folder).json();
    }

    private void writeConfig(ObjectNode json) {
        try {
            Files.writeString(folder.resolve("config.json"), json.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
