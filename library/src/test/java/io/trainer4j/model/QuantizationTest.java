package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.tensor.GroupedMatrix;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.train.RunPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class QuantizationTest {
    private static final String EMBEDDING = "model.embed_tokens.weight";

    @TempDir
    Path folder;

    private Path model(String family, String property, int size) {
        ObjectNode json = (ObjectNode) GoldenModel.of(family).config().json();
        json.put(property, size);
        RandomState.manualSeed(5);
        Path path = folder.resolve(family);
        try (CausalLM model = AutoModelForCausalLM.fromConfig(ModelConfig.of(json))) {
            model.savePretrained(path);
        }
        return path;
    }

    @ParameterizedTest
    @CsvSource({"qwen2, hidden_size, 8", "qwen2, hidden_size, 4", "gpt2, n_embd, 8", "gpt2, n_embd, 4"})
    void aQuantizedFolderOpensAsWhatWasQuantized(String family, String property, int bits) {
        Path original = model(family, property, 64);
        Path quantized = folder.resolve("quantized");
        new Quantization(bits).run(original, quantized);
        ModelInput input = ModelInput.of(new int[] {3, 9, 27, 5, 50});
        try (Scope scope = Scope.open();
                CausalLM before = AutoModelForCausalLM.fromPretrained(original);
                CausalLM after = AutoModelForCausalLM.fromPretrained(quantized)) {
            assertThat(after.weightForm())
                    .isEqualTo(
                            bits == 8
                                    ? "8 bits, a scale for 32 weights"
                                    : "4 bits, a scale for 32 weights, embeddings 8 bits");
            assertThat(RunPlan.ofFrozenWeights(after).reason().contains("output embedding"))
                    .isEqualTo(bits == 4);
            assertThat(after.parameters().frozen().values())
                    .filteredOn(matrix -> matrix instanceof GroupedMatrix grouped && grouped.bits() == bits)
                    .hasSizeGreaterThan(6);
            Tensor wanted = before.logits(input, Mode.EVAL);
            double error = after.logits(input, Mode.EVAL).sub(wanted).norm().item_double()
                    / wanted.norm().item_double();
            assertThat(error).isBetween(1e-5, bits == 8 ? 0.03 : 0.25);
        }
    }

    /** In the folder they keep 16 bits; a token that is written reads the output embedding whole. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void embeddingsAreOpenedInEightBits(boolean tied) {
        ObjectNode json = (ObjectNode) GoldenModel.of("qwen2").config().json();
        json.put("hidden_size", 64).put("tie_word_embeddings", tied);
        Path original = folder.resolve("original");
        RandomState.manualSeed(6);
        try (CausalLM model = AutoModelForCausalLM.fromConfig(ModelConfig.of(json))) {
            model.savePretrained(original);
        }
        new Quantization(4).run(original, folder.resolve("quantized"));
        try (Scope scope = Scope.open();
                CausalLM model = AutoModelForCausalLM.fromPretrained(folder.resolve("quantized"));
                SafetensorsFile file =
                        SafetensorsFile.open(folder.resolve("quantized").resolve(WeightFiles.SINGLE))) {
            var frozen = model.parameters().frozen();
            assertThat(frozen.containsKey(CausalLM.HEAD)).isEqualTo(!tied);
            for (String name : tied ? List.of(EMBEDDING) : List.of(EMBEDDING, CausalLM.HEAD)) {
                Tensor stored = file.load(name, ScalarType.Float);
                GroupedMatrix kept = (GroupedMatrix) frozen.get(name);
                assertThat(kept.bits()).isEqualTo(8);
                Tensor decoded = TensorData.zeros(stored.size(0), stored.size(1));
                kept.decode(0, decoded);
                assertThat(decoded.sub(stored).abs().max().item_double())
                        .isLessThan(stored.abs().max().item_double() / 200);
            }
        }
    }

    /** The order of compressed-tensors: the first number in the lowest bits of a word, plus half of the range. */
    @Test
    void wordsHoldTheirNumbersFromTheLowestBits() {
        float[] row = new float[32];
        row[0] = -8;
        row[1] = 7;
        row[2] = 1;
        try (Scope scope = Scope.open();
                GroupedMatrix matrix = GroupedMatrix.of(TensorData.floats(row, 1, 32), 4)) {
            Map<String, Tensor> tensors = PackedWeights.tensors("w", matrix);
            long[] words = TensorData.toLongs(tensors.get("w_packed"));
            assertThat(words).hasSize(4);
            assertThat(words[0] & 0xffff_ffffL).isEqualTo(0x888889f0L);
            assertThat(words[1] & 0xffff_ffffL).isEqualTo(0x88888888L);
            assertThat(TensorData.toFloats(tensors.get("w_scale"))).containsExactly(1);
            assertThat(TensorData.toLongs(tensors.get("w_shape"))).containsExactly(1, 32);
        }
    }

    @Test
    void bytesHoldTheirNumbersPlus128() {
        float[] row = new float[32];
        row[0] = -127;
        row[1] = 127;
        row[2] = 1;
        try (Scope scope = Scope.open();
                GroupedMatrix matrix = GroupedMatrix.of(TensorData.floats(row, 1, 32), 8)) {
            long[] words = TensorData.toLongs(PackedWeights.tensors("w", matrix).get("w_packed"));
            assertThat(words).hasSize(8);
            assertThat(words[0] & 0xffff_ffffL).isEqualTo(0x8081ff01L);
        }
    }

    @Test
    void theConfigurationNamesTheLayout() {
        Path quantized = folder.resolve("quantized");
        new Quantization(4).run(model("qwen2", "hidden_size", 64), quantized);
        JsonNode json = ModelConfig.read(quantized).json().path("quantization_config");
        assertThat(json.path("quant_method").asString()).isEqualTo("compressed-tensors");
        assertThat(json.path("format").asString()).isEqualTo("pack-quantized");
        assertThat(json.at("/config_groups/group_0/weights/num_bits").asInt()).isEqualTo(4);
        assertThat(json.at("/config_groups/group_0/weights/group_size").asInt()).isEqualTo(32);
        try (SafetensorsFile file = SafetensorsFile.open(quantized.resolve(WeightFiles.SINGLE))) {
            String name = "model.layers.0.mlp.gate_proj.weight";
            assertThat(file.names())
                    .contains(name + "_packed", name + "_scale", name + "_shape")
                    .doesNotContain(name);
            assertThat(file.type(name + "_packed")).isEqualTo(ScalarType.Int);
            assertThat(file.type("model.embed_tokens.weight")).isEqualTo(ScalarType.BFloat16);
            assertThat(file.type("model.norm.weight")).isEqualTo(ScalarType.Float);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 5, 16})
    void otherSizesAreRefused(int bits) {
        assertThatThrownBy(() -> new Quantization(bits))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("8 or 4 bits");
    }

    @Test
    void whatIsQuantizedIsNotQuantizedAgain() {
        Path quantized = folder.resolve("quantized");
        new Quantization(8).run(model("qwen2", "hidden_size", 64), quantized);
        assertThatThrownBy(() -> new Quantization(4).run(quantized, folder.resolve("again")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("quantized already");
        assertThatThrownBy(() -> AutoModelForCausalLM.fromPretrained(quantized, new LoadOptions().loadIn4bit(true)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("leave out dtype");
    }

    @Test
    void anotherQuantizationIsNamed() throws IOException {
        Path original = model("qwen2", "hidden_size", 64);
        Path file = original.resolve("config.json");
        ObjectNode json = JsonFile.read(file);
        json.putObject("quantization_config").put("quant_method", "gptq");
        Files.writeString(file, json.toString());
        assertThatThrownBy(() -> AutoModelForCausalLM.fromPretrained(original))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("quantized as gptq");
    }

    @Test
    void partsThatDoNotFitAreNamed() {
        try (Scope scope = Scope.open()) {
            Tensor packed = TensorData.empty(ScalarType.Int, 2, 4);
            Tensor scales = TensorData.empty(ScalarType.Half, 2, 1);
            assertThatThrownBy(() -> PackedWeights.matrix("model.q", new long[] {2, 64}, packed, scales))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("model.q is not packed as 8 or 4 bits");
        }
    }
}
