package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class MagnitudePruningTest {
    private static final PruningOptions OPTIONS = new PruningOptions();

    @TempDir
    Path folder;

    private Path model(String family, PretrainedModel.DType type) {
        RandomState.manualSeed(5);
        Path path = folder.resolve(family);
        try (CausalLM model =
                AutoModelForCausalLM.fromConfig(GoldenModel.of(family).config())) {
            model.savePretrained(path, type);
        }
        return path;
    }

    private Path pruned(Path original, PruningOptions options) {
        Path out = folder.resolve("pruned");
        new Pruning(options).run(original, out);
        return out;
    }

    private static boolean isOfLayers(ParameterSpec spec) {
        return spec.role() == ParameterSpec.Role.LINEAR || spec.role() == ParameterSpec.Role.CONV1D;
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "llama", "gpt2", "gemma3"})
    void exactlyTheShareOfTheSmallestBecomesZero(String family) {
        Path original = model(family, PretrainedModel.DType.FLOAT32);
        Path pruned = pruned(original, OPTIONS.sparsity(0.3));
        try (CausalLM before = AutoModelForCausalLM.fromPretrained(original);
                CausalLM after = AutoModelForCausalLM.fromPretrained(pruned)) {
            for (ParameterSpec spec : CausalLM.parameters(before.config(), (CausalBackbone) before.backbone())) {
                float[] old = TensorData.toFloats(before.parameters().get(spec.name()));
                float[] now = TensorData.toFloats(after.parameters().get(spec.name()));
                if (!isOfLayers(spec)) {
                    assertThat(now).as(spec.name()).isEqualTo(old);
                    continue;
                }
                int[] cleared =
                        IntStream.range(0, old.length).filter(i -> now[i] == 0).toArray();
                assertThat(cleared).as(spec.name()).hasSize((int) Math.rint(0.3 * old.length));
                double largestCleared = IntStream.of(cleared)
                        .mapToDouble(i -> Math.abs(old[i]))
                        .max()
                        .orElseThrow();
                assertThat(IntStream.range(0, old.length).filter(i -> now[i] != 0))
                        .as(spec.name())
                        .allMatch(i -> now[i] == old[i] && Math.abs(old[i]) >= largestCleared);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "gpt2"})
    void ofFourInputsTheTwoLargestStay(String family) {
        Path original = model(family, PretrainedModel.DType.FLOAT32);
        Path pruned = pruned(original, OPTIONS.pattern("2:4"));
        try (Scope scope = Scope.open();
                CausalLM before = AutoModelForCausalLM.fromPretrained(original);
                CausalLM after = AutoModelForCausalLM.fromPretrained(pruned)) {
            for (ParameterSpec spec : before.backbone().parameters()) {
                if (isOfLayers(spec)) {
                    float[] old = ofInputs(spec, before);
                    float[] now = ofInputs(spec, after);
                    for (int group = 0; group < old.length; group += 4) {
                        int first = group;
                        int[] bySize = IntStream.range(group, group + 4)
                                .boxed()
                                .sorted((a, b) -> Float.compare(Math.abs(old[a]), Math.abs(old[b])))
                                .mapToInt(Integer::intValue)
                                .toArray();
                        assertThat(IntStream.of(bySize).limit(2))
                                .as(spec.name() + " from " + first)
                                .allMatch(i -> now[i] == 0);
                        assertThat(IntStream.of(bySize).skip(2))
                                .as(spec.name() + " from " + first)
                                .allMatch(i -> now[i] == old[i] && now[i] != 0);
                    }
                }
            }
        }
    }

    /** The values so that the inputs of an output stand together. */
    private static float[] ofInputs(ParameterSpec spec, CausalLM model) {
        return TensorData.toFloats(WeightForm.oriented(spec, model.parameters().get(spec.name())));
    }

    @Test
    void typesOfWeightsStay() {
        Path pruned = pruned(model("qwen2", PretrainedModel.DType.BFLOAT16), OPTIONS.sparsity(0.5));
        try (SafetensorsFile file = SafetensorsFile.open(pruned.resolve(WeightFiles.SINGLE))) {
            assertThat(file.names()).isNotEmpty().allMatch(name -> file.type(name) == ScalarType.BFloat16);
        }
        assertThat(ModelConfig.read(pruned).json().path("dtype").asString()).isEqualTo("bfloat16");
    }

    @Test
    void zerosAreCounted() {
        Path original = model("qwen2", PretrainedModel.DType.FLOAT32);
        long of = WeightCount.of(original).parameters();
        Path pruned = pruned(original, OPTIONS.pattern("2:4"));
        WeightCount count = WeightCount.of(pruned);
        try (CausalLM model = AutoModelForCausalLM.fromPretrained(original)) {
            assertThat(of).isEqualTo(model.parameters().count());
            long matrices = model.backbone().parameters().stream()
                    .filter(MagnitudePruningTest::isOfLayers)
                    .mapToLong(spec -> model.parameters().get(spec.name()).numel())
                    .sum();
            assertThat(WeightCount.of(original).nonZero() - count.nonZero()).isEqualTo(matrices / 2);
            assertThat(count.nonZeroShare()).isEqualTo((double) count.nonZero() / of);
        }
    }

    @Test
    void inputsThatMakeNoFoursAreRefused() {
        try (Scope scope = Scope.open()) {
            Tensor matrix = TensorData.zeros(2, 6);
            assertThatThrownBy(() -> SmallestWeights.clearTwoOfFour("model.up", matrix))
                    .isInstanceOf(UsageException.class)
                    .hasMessage(
                            "model.up has 6 inputs, which is no multiple of 4, as pattern 2:4 needs; use sparsity 0.5,"
                                    + " or remove another number of parts.");
        }
    }

    @Test
    void optionsThatSayNothingOrTooMuchAreRefused() {
        assertRefused(OPTIONS, "Nothing is to be pruned; give sparsity, pattern, layers,");
        assertRefused(OPTIONS.pattern("1:4"), "Option pattern is \"1:4\" but must be 2:4.");
        assertRefused(OPTIONS.pattern("2:4").sparsity(0.5), "sparsity and pattern exclude each other");
        assertRefused(OPTIONS.attentionHeads(2).keyValueHeads(1), "attention_heads and key_value_heads exclude");
        assertThatThrownBy(() -> OPTIONS.sparsity(1)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> OPTIONS.mlpChannels(0)).isInstanceOf(UsageException.class);
    }

    private static void assertRefused(PruningOptions options, String message) {
        assertThatThrownBy(() -> new Pruning(options))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void otherModelsAreRefused() {
        Pruning zeros = new Pruning(OPTIONS.sparsity(0.5));
        assertThatThrownBy(() -> zeros.check(GoldenModel.of("bert-mlm").folder()))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("describes an encoder (bert)");
        zeros.check(model("gpt2", PretrainedModel.DType.FLOAT32));
        assertThatThrownBy(() -> new Pruning(OPTIONS.layers(1)).check(folder.resolve("gpt2")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(
                        "removed from Llama, Mistral, Qwen2 and Qwen3 models only, not from GPT2LMHeadModel; leave layers,");
        ObjectNode json = (ObjectNode) GoldenModel.of("qwen2").config().json();
        json.put("hidden_size", 64);
        Path big = folder.resolve("big");
        try (CausalLM model = AutoModelForCausalLM.fromConfig(ModelConfig.of(json))) {
            model.savePretrained(big);
        }
        Path quantized = folder.resolve("quantized");
        new Quantization(8).run(big, quantized);
        assertThatThrownBy(() -> zeros.run(quantized, folder.resolve("none")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("describes quantized weights; prune the original model");
    }
}
