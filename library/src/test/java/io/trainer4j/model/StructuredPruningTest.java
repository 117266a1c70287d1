package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class StructuredPruningTest {
    private static final PruningOptions OPTIONS = new PruningOptions();
    private static final int HEAD = 8;
    private static final int CHANNELS = 48;
    private static final List<int[]> ROWS =
            List.of(new int[] {3, 9, 27, 5, 50}, new int[] {}, new int[] {7, 8, 1, 1, 44, 2, 30});
    private static final ModelInput INPUT = ModelInput.of(new int[] {4, 10, 33, 2, 51, 60, 7});

    @TempDir
    Path folder;

    private static ObjectNode config(String family) {
        return (ObjectNode) ModelConfig.JSON.readTree("""
                {"model_type": "%s", "vocab_size": 61, "hidden_size": 32, "intermediate_size": 48,
                "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
                "eos_token_id": 2, "initializer_range": 0.2, "attention_bias": true, "mlp_bias": true}
                """.formatted(family));
    }

    /** A model with biases and norms that are not those of the start, so that a wrong or lost one shows. */
    private static CausalLM model(ObjectNode config) {
        RandomState.manualSeed(3);
        CausalLM model = AutoModelForCausalLM.fromConfig(ModelConfig.of(config));
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            for (Tensor parameter : model.parameters().asMap().values()) {
                if (parameter.dim() == 1) {
                    parameter.add_(torch.randn(parameter.shape()).mul(new Scalar(0.1)));
                }
            }
        }
        return model;
    }

    private static void clear(CausalLM model, String name, long dimension, int from, int length) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            model.parameters().get(name).narrow(dimension, from, length).zero_();
        }
    }

    private Path save(CausalLM model) {
        Path path = folder.resolve("original");
        model.savePretrained(path);
        return path;
    }

    private static float[] logits(CausalLM model) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            return TensorData.toFloats(model.logits(INPUT, Mode.EVAL));
        }
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i])).isLessThan(1e-5f * Math.max(1, Math.abs(expected[i])));
        }
    }

    private static String name(int layer, String part) {
        return "model.layers." + layer + "." + part + ".weight";
    }

    /** Layer 2 adds nothing, and in each layer another third of channels and another group or head is not read. */
    @ParameterizedTest
    @CsvSource({
        "qwen2, true",
        "qwen2, false",
        "qwen3, true",
        "qwen3, false",
        "llama, true",
        "llama, false",
        "mistral, true"
    })
    void withoutPartsThatDoNothingLogitsAreTheSame(String family, boolean groups) {
        try (CausalLM model = model(config(family))) {
            for (int layer = 0; layer < 4; layer++) {
                String bias = "model.layers." + layer;
                clear(model, name(layer, "mlp.down_proj"), 1, 16 * (layer % 3), 16);
                if (groups) {
                    clear(model, name(layer, "self_attn.o_proj"), 1, 2 * HEAD * (layer % 2), 2 * HEAD);
                } else {
                    clear(model, name(layer, "self_attn.o_proj"), 1, HEAD * (layer % 2), HEAD);
                    clear(model, name(layer, "self_attn.o_proj"), 1, 2 * HEAD + HEAD * (layer / 2), HEAD);
                }
                if (layer == 2) {
                    clear(model, name(layer, "mlp.down_proj"), 1, 0, CHANNELS);
                    clear(model, name(layer, "self_attn.o_proj"), 1, 0, 4 * HEAD);
                    for (String part : List.of(".self_attn.o_proj.bias", ".mlp.down_proj.bias")) {
                        if (model.parameters().asMap().containsKey(bias + part)) {
                            clear(model, bias + part, 0, 0, 32);
                        }
                    }
                }
            }
            PruningOptions options = OPTIONS.layers(1).mlpChannels(1 / 3.0);
            Path out = folder.resolve("pruned");
            List<Integer> removed = new Pruning(groups ? options.keyValueHeads(1) : options.attentionHeads(2))
                    .run(save(model), ROWS, out);
            assertThat(removed).containsExactly(2);
            JsonNode json = ModelConfig.read(out).json();
            assertThat(json.path("num_hidden_layers").asInt()).isEqualTo(3);
            assertThat(json.path("intermediate_size").asInt()).isEqualTo(32);
            assertThat(json.path("num_attention_heads").asInt()).isEqualTo(2);
            assertThat(json.path("num_key_value_heads").asInt()).isEqualTo(groups ? 1 : 2);
            assertThat(json.path("head_dim").asInt()).isEqualTo(HEAD);
            try (CausalLM smaller = AutoModelForCausalLM.fromPretrained(out)) {
                assertThat(smaller.parameters().count())
                        .isLessThan(model.parameters().count());
                assertClose(logits(smaller), logits(model));
            }
        }
    }

    /** The expected choice is made here, from what an observer sees, in plain loops. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "llama"})
    void removedChannelsAreThoseThatCountLeastAndCutLikeByHand(String family) {
        try (CausalLM model = model(config(family))) {
            double[][] squares = new double[4][CHANNELS];
            observe(model, new Watcher() {
                @Override
                public void gated(int layer, Tensor channels) {
                    float[] values = TensorData.toFloats(channels);
                    for (int i = 0; i < values.length; i++) {
                        squares[layer][i % CHANNELS] += (double) values[i] * values[i];
                    }
                }
            });
            Path out = folder.resolve("pruned");
            new Pruning(OPTIONS.mlpChannels(0.25)).run(save(model), ROWS, out);
            try (CausalLM smaller = AutoModelForCausalLM.fromPretrained(out)) {
                for (int layer = 0; layer < 4; layer++) {
                    float[] down = TensorData.toFloats(model.parameters().get(name(layer, "mlp.down_proj")));
                    double[] norms = new double[CHANNELS];
                    for (int channel = 0; channel < CHANNELS; channel++) {
                        double weights = 0;
                        for (int row = 0; row < 32; row++) {
                            weights += Math.pow(down[row * CHANNELS + channel], 2);
                        }
                        norms[channel] = Math.sqrt(squares[layer][channel]) * Math.sqrt(weights);
                    }
                    double limit =
                            Arrays.stream(norms).sorted().skip(12).findFirst().orElseThrow();
                    int[] kept = IntStream.range(0, CHANNELS)
                            .filter(channel -> norms[channel] >= limit)
                            .toArray();
                    int at = layer;
                    for (String part : List.of("mlp.gate_proj", "mlp.up_proj")) {
                        assertThat(rows(smaller, name(at, part)))
                                .isDeepEqualTo(picked(rows(model, name(at, part)), kept));
                    }
                    IntStream.range(0, CHANNELS)
                            .filter(channel -> norms[channel] < limit)
                            .forEach(channel -> clear(model, name(at, "mlp.down_proj"), 1, channel, 1));
                }
                assertClose(logits(smaller), logits(model));
            }
        }
    }

    private static float[][] rows(CausalLM model, String name) {
        Tensor matrix = model.parameters().get(name);
        float[] values = TensorData.toFloats(matrix);
        int width = (int) matrix.size(1);
        return IntStream.range(0, values.length / width)
                .mapToObj(row -> Arrays.copyOfRange(values, row * width, (row + 1) * width))
                .toArray(float[][]::new);
    }

    private static float[][] picked(float[][] rows, int[] kept) {
        return Arrays.stream(kept).mapToObj(row -> rows[row]).toArray(float[][]::new);
    }

    @Test
    void removedLayersAreThoseThatTurnTheirInputLeast() {
        ObjectNode config = config("qwen2").put("use_sliding_window", true).put("sliding_window", 3);
        config.put("max_window_layers", 2);
        try (CausalLM model = model(config)) {
            double[] cosines = new double[4];
            observe(model, new Watcher() {
                @Override
                public void changed(int layer, Tensor before, Tensor after) {
                    float[] x = TensorData.toFloats(before);
                    float[] y = TensorData.toFloats(after);
                    for (int token = 0; token < x.length; token += 32) {
                        double xy = 0;
                        double xx = 0;
                        double yy = 0;
                        for (int i = token; i < token + 32; i++) {
                            xy += x[i] * y[i];
                            xx += x[i] * x[i];
                            yy += y[i] * y[i];
                        }
                        cosines[layer] += xy / Math.sqrt(xx * yy);
                    }
                }
            });
            double limit = Arrays.stream(cosines).sorted().skip(2).findFirst().orElseThrow();
            List<Integer> expected = IntStream.range(0, 4)
                    .filter(layer -> cosines[layer] >= limit)
                    .boxed()
                    .toList();
            Path out = folder.resolve("pruned");
            assertThat(new Pruning(OPTIONS.layers(2)).run(save(model), ROWS, out))
                    .isEqualTo(expected);
            List<Integer> kept = IntStream.range(0, 4)
                    .boxed()
                    .filter(layer -> !expected.contains(layer))
                    .toList();
            assertThat(ModelConfig.read(out).json().path("max_window_layers").asLong())
                    .isEqualTo(kept.stream().filter(layer -> layer < 2).count());
            try (CausalLM smaller = AutoModelForCausalLM.fromPretrained(out)) {
                for (int layer = 0; layer < 2; layer++) {
                    assertThat(rows(smaller, name(layer, "self_attn.q_proj")))
                            .isDeepEqualTo(rows(model, name(kept.get(layer), "self_attn.q_proj")));
                }
            }
        }
    }

    @Test
    void kindsOfLayersFollowTheirLayers() {
        ObjectNode json = config("qwen2");
        json.putArray("layer_types")
                .add("full_attention")
                .add("sliding_attention")
                .add("full_attention")
                .add("sliding_attention");
        int[][] all = {{0}, {0}, {0}, {0}};
        RemainingParts parts = new RemainingParts(new int[] {0, 1, 3}, all, all, all, HEAD, false);
        JsonNode types = parts.config(ModelConfig.of(json)).json().path("layer_types");
        assertThat(types.toString()).isEqualTo("[\"full_attention\",\"sliding_attention\",\"sliding_attention\"]");
        assertThat(parts.nameBefore("model.layers.2.mlp.up_proj.weight"))
                .isEqualTo("model.layers.3.mlp.up_proj.weight");
        assertThat(parts.nameBefore("model.norm.weight")).isEqualTo("model.norm.weight");
    }

    @Test
    void zerosAreMadeInWhatIsLeft() {
        try (CausalLM model = model(config("qwen2"))) {
            Path out = folder.resolve("pruned");
            new Pruning(OPTIONS.mlpChannels(0.25).attentionHeads(2).pattern("2:4")).run(save(model), ROWS, out);
            try (Scope scope = Scope.open();
                    CausalLM smaller = AutoModelForCausalLM.fromPretrained(out)) {
                Tensor down = smaller.parameters().get(name(0, "mlp.down_proj"));
                assertThat(down.shape()).containsExactly(32, 36);
                assertThat(down.count_nonzero().item_long()).isEqualTo(32 * 36 / 2);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "qwen2 | layers | 4 | Option layers is 4 but the model has 4 layers, of which one must stay",
                "qwen2 | heads | 1 | stand in 2 groups that must stay equally large",
                "qwen2 | heads | 4 | give a multiple of 2 below 4, or remove whole groups with key_value_heads",
                "qwen2 | groups | 2 | Option key_value_heads is 2 but the model has 2 key/value heads in each layer",
                "qwen2 | channels | 0.001 | Option mlp_channels is 0.001, which is none of the 48 channels",
                "qwen2 | channels | 0.999 | which is all of the 48 channels"
            })
    void moreThanThereIsIsRefused(String family, String part, double count, String message) {
        try (CausalLM model = model(config(family))) {
            Path path = save(model);
            PruningOptions options = switch (part) {
                case "layers" -> OPTIONS.layers((int) count);
                case "heads" -> OPTIONS.attentionHeads((int) count);
                case "groups" -> OPTIONS.keyValueHeads((int) count);
                default -> OPTIONS.mlpChannels(count);
            };
            assertThatThrownBy(() -> new Pruning(options).check(path))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void headsThatShareNothingGoOneByOneWhereTransformersAllowsIt() {
        ObjectNode llama = config("llama").put("num_key_value_heads", 4);
        try (CausalLM model = model(llama)) {
            Path path = save(model);
            assertThatThrownBy(() -> new Pruning(OPTIONS.attentionHeads(1)).check(path))
                    .isInstanceOf(UsageException.class)
                    .hasMessage(
                            "3 heads would stay, and transformers opens a Llama model only if their number divides the"
                                    + " hidden size of 32; remove another number of heads.");
        }
        try (CausalLM model = model(config("qwen2").put("num_key_value_heads", 4))) {
            Path out = folder.resolve("pruned");
            new Pruning(OPTIONS.attentionHeads(1)).run(save(model), ROWS, out);
            assertThat(ModelConfig.read(out).json().path("num_key_value_heads").asInt())
                    .isEqualTo(3);
            AutoModelForCausalLM.fromPretrained(out).close();
        }
    }

    @Test
    void withoutRowsNothingIsChosen() {
        try (CausalLM model = model(config("qwen2"))) {
            Path path = save(model);
            assertThatThrownBy(() -> new Pruning(OPTIONS.layers(1)).run(path, folder.resolve("none")))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("There are no calibration rows");
        }
    }

    private static void observe(CausalLM model, LayerObserver observer) {
        for (int[] row : ROWS) {
            if (row.length > 0) {
                try (Scope scope = Scope.open();
                        NoGradGuard noGrad = new NoGradGuard()) {
                    model.hiddenStates(ModelInput.of(row), Pass.observed(observer));
                }
            }
        }
    }

    /** Sees nothing unless a test says what. */
    private abstract static class Watcher implements LayerObserver {
        @Override
        public void attended(int layer, Tensor heads) {}

        @Override
        public void gated(int layer, Tensor channels) {}

        @Override
        public void changed(int layer, Tensor before, Tensor after) {}
    }
}
