package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Adapters as PEFT makes, saves and computes them, of every kind. */
class AdapterGoldenTest {
    @TempDir
    Path out;

    static java.util.stream.Stream<GoldenAdapter> all() {
        return GoldenAdapter.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void startsAsInPython(GoldenAdapter golden) {
        try (PretrainedModel model = golden.base().open()) {
            RandomState.manualSeed(5);
            PeftModel.getPeftModel(model, golden.config()).savePretrained(out);
            JsonNode start = golden.expected().path("start");
            try (Scope scope = Scope.open();
                    SafetensorsFile file = SafetensorsFile.open(out.resolve("adapter_model.safetensors"))) {
                Set<String> names = new TreeSet<>();
                start.propertyNames().forEach(names::add);
                names.removeIf(name -> name.matches(".*(base_layer.weight|(modules_to_save|original_module).bias)"));
                assertThat(new TreeSet<>(file.names())).isEqualTo(names);
                for (String name : names) {
                    Tensor tensor = file.load(name);
                    double sign = golden.config().initLoraWeights().equals("pissa") ? 0 : 1; // of a singular vector
                    if (sign != 0) {
                        assertThat(tensor.sum().item_double())
                                .as(name)
                                .isCloseTo(start.path(name).path(0).asDouble(), within(2e-4));
                    }
                    assertThat(Math.abs(TensorData.toFloats(tensor)[0]))
                            .as(name)
                            .isCloseTo((float) Math.abs(start.path(name).path(1).asDouble()), within(1e-4f));
                }
            }
            assertClose(logits(model, golden), golden.logits("start_logits"), 1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void computesAndWritesWhatPythonSaved(GoldenAdapter golden) {
        try (PretrainedModel model = golden.base().open()) {
            PeftModel.fromPretrained(model, golden.folder()).savePretrained(out);
            assertClose(logits(model, golden), golden.logits("logits"), 1e-4);
        }
        Map<String, JsonNode> written = config(out);
        Map<String, JsonNode> expected = config(golden.folder());
        expected.keySet().removeAll(Set.of("target_modules", "base_model_name_or_path"));
        assertThat(written).containsAllEntriesOf(expected);
        try (PretrainedModel model = golden.base().open()) {
            PeftModel.fromPretrained(model, out);
            assertClose(logits(model, golden), golden.logits("logits"), 1e-4);
        }
    }

    private static Map<String, JsonNode> config(Path folder) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        JsonFile.read(folder.resolve("adapter_config.json")).forEachEntry((key, value) -> {
            if (key.equals("modules_to_save") && value.isArray()) {
                value = ModelConfig.JSON.valueToTree(new TreeSet<>(
                        value.valueStream().map(JsonNode::asString).toList()));
            }
            sorted.put(key, value);
        });
        return sorted;
    }

    @ParameterizedTest
    @MethodSource("all")
    void mergingComputesTheSame(GoldenAdapter golden) {
        try (PretrainedModel model = golden.base().open()) {
            PeftModel peft = PeftModel.fromPretrained(model, golden.folder());
            float[] before = logits(model, golden);
            peft.mergeAndUnload();
            float largest = 1;
            for (float value : before) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertClose(logits(model, golden), before, 1e-5 * largest);
        }
    }

    static float[] logits(PretrainedModel model, GoldenAdapter golden) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            return TensorData.toFloats(model.logits(golden.input(), Mode.EVAL));
        }
    }

    static void assertClose(float[] actual, float[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        assertThat(worst)
                .as("largest difference of %s", Arrays.toString(new int[] {actual.length}))
                .isLessThan(tolerance);
    }
}
