package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.model.PretrainedModel.DType;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.testing.TorchArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Several weight files in one folder: written, replaced, interrupted, and read in Python's older format. */
class WeightShardsTest {
    @TempDir
    Path folder;

    @Test
    void splitsWherePythonSplits() {
        // split_torch_state_dict_into_shards of sizes 6, 6, 2, 6, 2, 2 with a limit of 10, in its own documentation.
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            long[] sizes = {6, 6, 2, 6, 2, 2};
            for (int i = 0; i < sizes.length; i++) {
                tensors.put("t" + i, TensorData.zeros(sizes[i]));
            }
            new WeightShards(tensors, ScalarType.Float, 40).save(folder);
            assertThat(namesIn("model-00001-of-00003.safetensors")).containsExactly("t0");
            assertThat(namesIn("model-00002-of-00003.safetensors")).containsExactly("t1", "t2");
            assertThat(namesIn("model-00003-of-00003.safetensors")).containsExactly("t3", "t4", "t5");
            assertThat(index().toString())
                    .isEqualTo(
                            "{\"metadata\":{\"total_parameters\":24,\"total_size\":96},\"weight_map\":{"
                                    + "\"t0\":\"model-00001-of-00003.safetensors\",\"t1\":\"model-00002-of-00003.safetensors\","
                                    + "\"t2\":\"model-00002-of-00003.safetensors\",\"t3\":\"model-00003-of-00003.safetensors\","
                                    + "\"t4\":\"model-00003-of-00003.safetensors\",\"t5\":\"model-00003-of-00003.safetensors\"}}");
        }
    }

    @Test
    void aTensorOverTheLimitHasItsOwnFile() {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("small", TensorData.zeros(1));
            tensors.put("large", TensorData.zeros(100));
            tensors.put("after", TensorData.zeros(1));
            new WeightShards(tensors, ScalarType.Half, 4).save(folder);
            assertThat(namesIn("model-00001-of-00002.safetensors")).containsExactly("large");
            assertThat(namesIn("model-00002-of-00002.safetensors")).containsExactly("small", "after");
            assertThat(index().path("metadata").path("total_size").asLong()).isEqualTo(204);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyHeadAndTiedEmbeddingComesBackFromShards(TinyModel tiny) {
        try (PretrainedModel model = tiny.create(0)) {
            model.savePretrained(folder, DType.FLOAT32, 10_000);
            assertThat(folder.resolve("model.safetensors")).doesNotExist();
            assertSame(tiny, model);
            PretrainedModel.requireWeights(folder);
        }
    }

    @Test
    void everyWayFromOldToNewLeavesOnlyTheNewFiles() {
        long[] limits = {Long.MAX_VALUE, 10_000, 20_000, 10_000, 10_000, Long.MAX_VALUE, Long.MAX_VALUE};
        for (int i = 0; i < limits.length; i++) {
            try (PretrainedModel model = TinyModel.QWEN2_UNTIED.create(i)) {
                model.savePretrained(folder, DType.FLOAT32, limits[i]);
                assertSame(TinyModel.QWEN2_UNTIED, model);
                assertThat(weightFiles()).containsExactlyElementsOf(expected(limits[i]));
            }
        }
    }

    private List<String> expected(long limit) {
        if (limit == Long.MAX_VALUE) {
            return List.of("model.safetensors");
        }
        List<String> names = new ArrayList<>();
        index().path("weight_map").forEach(shard -> names.add(shard.asString()));
        names.add("model.safetensors.index.json");
        return names.stream().distinct().sorted().toList();
    }

    @Test
    void anInterruptedSaveLeavesTheOldShardsUsable() throws IOException {
        try (PretrainedModel old = TinyModel.LLAMA.create(0);
                PretrainedModel other = TinyModel.LLAMA.create(1)) {
            old.savePretrained(folder, DType.FLOAT32, 10_000);
            // The second shard cannot take its place: as if the process had died between two files.
            String second = index().path("weight_map").path("model.norm.weight").asString();
            Path blocked = Files.createDirectories(folder.resolve("." + second + ".new/x"));
            assertThatThrownBy(() -> other.savePretrained(folder, DType.FLOAT32, 10_000))
                    .isExactlyInstanceOf(TrainerException.class);
            assertSame(TinyModel.LLAMA, old);
            Files.delete(blocked);
            Files.delete(blocked.getParent());
            other.savePretrained(folder, DType.FLOAT32, 10_000);
            assertSame(TinyModel.LLAMA, other);
            assertThat(weightFiles()).containsExactlyElementsOf(expected(10_000));
        }
    }

    @Test
    void aCrashWhileShardsAreRenamedLeavesTheOldOnesUnderTheirSecondNames() throws IOException {
        try (PretrainedModel old = TinyModel.LLAMA.create(0);
                PretrainedModel other = TinyModel.LLAMA.create(1)) {
            old.savePretrained(folder, DType.FLOAT32, 10_000);
            String index = Files.readString(folder.resolve("model.safetensors.index.json"));
            for (String shard : weightFiles()) {
                if (shard.endsWith(".safetensors")) {
                    Files.createLink(folder.resolve("old-" + shard), folder.resolve(shard));
                    Files.delete(folder.resolve(shard));
                }
            }
            Files.writeString(
                    folder.resolve("model.safetensors.index.json"), index.replace("\"model-0", "\"old-model-0"));
            assertSame(TinyModel.LLAMA, old);
            other.savePretrained(folder, DType.FLOAT32, 10_000);
            assertSame(TinyModel.LLAMA, other);
            assertThat(weightFiles()).containsExactlyElementsOf(expected(10_000));
        }
    }

    @Test
    void otherFilesStay() throws IOException {
        Files.writeString(folder.resolve("model-card.safetensors"), "mine");
        Files.writeString(folder.resolve("pytorch_model.bin"), "theirs");
        try (PretrainedModel model = TinyModel.LLAMA.create(0)) {
            model.savePretrained(folder);
        }
        assertThat(folder.resolve("model-card.safetensors")).hasContent("mine");
        assertThat(folder.resolve("pytorch_model.bin")).hasContent("theirs");
    }

    @Test
    void aLimitOfNothingIsRefused() {
        try (PretrainedModel model = TinyModel.LLAMA.create(0)) {
            assertThatThrownBy(() -> model.savePretrained(folder, DType.FLOAT32, 0))
                    .isInstanceOf(UsageException.class)
                    .hasMessage("max_shard_size is 0 but must be 1 byte or more.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void pytorchFilesAreReadWhereThereIsNoSafetensors(TinyModel tiny) throws IOException {
        try (Scope scope = Scope.open();
                PretrainedModel model = tiny.create(0)) {
            model.savePretrained(folder);
            Files.delete(folder.resolve("model.safetensors"));
            TorchArchive.of(model.parameters().asMap()).write(folder.resolve("pytorch_model.bin"));
            assertSame(tiny, model);
        }
    }

    @Test
    void pytorchShardsAreOneModel() throws IOException {
        try (Scope scope = Scope.open();
                PretrainedModel model = TinyModel.BERT_CLS.create(0)) {
            model.savePretrained(folder, DType.FLOAT32, 10_000);
            Map<String, Map<String, Tensor>> shards = new LinkedHashMap<>();
            index().path("weight_map")
                    .properties()
                    .forEach(
                            entry -> shards.computeIfAbsent(entry.getValue().asString(), shard -> new LinkedHashMap<>())
                                    .put(entry.getKey(), model.parameters().get(entry.getKey())));
            for (Map.Entry<String, Map<String, Tensor>> shard : shards.entrySet()) {
                TorchArchive.of(shard.getValue())
                        .write(folder.resolve(shard.getKey().replace(".safetensors", ".bin")));
                Files.delete(folder.resolve(shard.getKey()));
            }
            Path index = folder.resolve("model.safetensors.index.json");
            Files.writeString(
                    folder.resolve("pytorch_model.bin.index.json"),
                    Files.readString(index).replace(".safetensors\"", ".bin\""));
            Files.delete(index);
            assertSame(TinyModel.BERT_CLS, model);
        }
    }

    @Test
    void safetensorsComeFirst() throws IOException {
        try (PretrainedModel model = TinyModel.LLAMA.create(0)) {
            model.savePretrained(folder, DType.FLOAT32, 10_000);
            Files.writeString(folder.resolve("pytorch_model.bin"), "not opened");
            assertSame(TinyModel.LLAMA, model);
        }
    }

    private void assertSame(TinyModel tiny, PretrainedModel model) {
        try (PretrainedModel again = tiny.open(folder)) {
            assertThat(again.parameters().asMap().keySet())
                    .isEqualTo(model.parameters().asMap().keySet());
            model.parameters()
                    .asMap()
                    .forEach((name, tensor) -> assertThat(
                                    TensorData.toFloats(again.parameters().get(name)))
                            .as(name)
                            .containsExactly(TensorData.toFloats(tensor)));
        }
    }

    private JsonNode index() {
        return JsonFile.read(folder.resolve("model.safetensors.index.json"));
    }

    private List<String> namesIn(String shard) {
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(shard))) {
            return List.copyOf(file.names());
        }
    }

    private List<String> weightFiles() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("safetensors"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
