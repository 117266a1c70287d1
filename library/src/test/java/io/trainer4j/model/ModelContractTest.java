package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.testing.SharedDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What every family with every head must do, first of all what Python does. */
class ModelContractTest {
    private static final int[][] SENTENCES = {{5, 9, 33, 60, 7, 12, 9, 41, 3}, {8, 3, 3, 50}, {44}};
    private static final float ROUNDING = 1e-5f;

    private enum Side {
        LEFT,
        RIGHT
    }

    @ParameterizedTest
    @MethodSource("io.trainer4j.model.GoldenModel#all")
    void agreesWithPython(GoldenModel golden) {
        assertAgreement(golden, golden.expected());
    }

    @ParameterizedTest
    @Tag("conformance")
    @ValueSource(strings = {"qwen2", "qwen3", "llama3", "mistral", "gpt2", "bert-cls", "qwen2-cls"})
    void agreesWithPythonOnSharedModels(String name) {
        GoldenModel golden = new GoldenModel(SharedDir.require("golden/models/" + name));
        assertAgreement(golden, golden.expectedTensors());
    }

    private static void assertAgreement(GoldenModel golden, GoldenModel.Expected expected) {
        try (Scope scope = Scope.open();
                PretrainedModel model = golden.open()) {
            assertThat(model.newlyInitialized()).isEmpty();
            Tensor logits = model.logits(expected.input(), Mode.TRAIN);
            assertLogits(logits, expected);
            Tensor loss = loss(model, expected, logits);
            assertThat(loss.item_double()).isCloseTo(expected.loss(), within(1e-5));
            loss.backward();
            assertThat(gradientNorm(model)).isCloseTo(expected.gradNorm(), within(1e-4 * expected.gradNorm()));
            if (model instanceof CausalLM decoder) {
                int[] tokens = decoder.generate(
                        Arrays.copyOf(expected.greedy(), 8),
                        GenerationConfig.greedy(Set.of()).withMaxNewTokens(12));
                assertThat(tokens).containsExactly(Arrays.copyOfRange(expected.greedy(), 8, 20));
            }
        }
    }

    private static double gradientNorm(PretrainedModel model) {
        double squares = 0;
        for (Tensor parameter : model.parameters().asMap().values()) {
            Tensor gradient = parameter.grad();
            if (gradient.defined()) {
                squares += Math.pow(gradient.norm().item_double(), 2);
            }
            parameter.mutable_grad().reset();
        }
        return Math.sqrt(squares);
    }

    /** Compares logits; at padded positions there is nothing to agree on. */
    private static void assertLogits(Tensor logits, GoldenModel.Expected expected) {
        float[] actual = TensorData.toFloats(logits);
        assertThat(actual).hasSameSizeAs(expected.logits());
        int width = (int) logits.size(-1);
        int length = expected.input().length();
        for (int i = 0; i < actual.length; i++) {
            int position = i / width;
            if (logits.dim() == 2 || expected.input().attentionMask()[position / length][position % length] == 1) {
                assertThat(actual[i]).isCloseTo(expected.logits()[i], within(1e-4f));
            }
        }
    }

    private static Tensor loss(PretrainedModel model, GoldenModel.Expected expected, Tensor logits) {
        double[] flat =
                Arrays.stream(expected.labels()).flatMapToDouble(Arrays::stream).toArray();
        Tensor ids =
                TensorData.longs(Arrays.stream(flat).mapToLong(v -> (long) v).toArray());
        long length = expected.input().length();
        if (model instanceof CausalLM) {
            Tensor next = ids.view(-1, length).narrow(1, 1, length - 1).reshape(-1);
            return torch.cross_entropy(logits.narrow(1, 0, length - 1).reshape(-1, logits.size(2)), next);
        }
        float[] values = new float[flat.length];
        for (int i = 0; i < flat.length; i++) {
            values[i] = (float) flat[i];
        }
        return switch (model.config().json().path("problem_type").asString("")) {
            case "regression" -> torch.mse_loss(logits, TensorData.floats(values, logits.shape()));
            case "multi_label_classification" ->
                torch.binary_cross_entropy_with_logits(logits, TensorData.floats(values, logits.shape()));
            default -> torch.cross_entropy(logits.reshape(-1, logits.size(-1)), ids);
        };
    }

    @ParameterizedTest
    @MethodSource("io.trainer4j.model.GoldenModel#all")
    void savedFolderHoldsTheSameModelUnderPythonsNames(GoldenModel golden, @TempDir Path saved) {
        ModelInput input = golden.expected().input();
        try (Scope scope = Scope.open();
                PretrainedModel model = golden.open()) {
            model.savePretrained(saved);
            assertThat(GoldenModel.names(saved)).isEqualTo(GoldenModel.names(golden.folder()));
            ModelConfig config = ModelConfig.read(saved);
            assertThat(config.json().path("architectures"))
                    .isEqualTo(golden.config().json().path("architectures"));
            try (PretrainedModel again = golden.open(saved)) {
                assertThat(TensorData.toFloats(again.logits(input, Mode.EVAL)))
                        .containsExactly(TensorData.toFloats(model.logits(input, Mode.EVAL)));
            }
        }
    }

    /** The values are those Python draws after {@code torch.manual_seed(7)}. */
    @ParameterizedTest
    @MethodSource("io.trainer4j.model.GoldenModel#all")
    void newHeadsAreDrawnAsInPython(GoldenModel golden) {
        JsonNode expected = golden.json().path("new_head");
        Task other = golden.task() == Task.SEQUENCE_CLASSIFICATION ? Task.MASKED_LM : Task.SEQUENCE_CLASSIFICATION;
        if (other == Task.MASKED_LM && !expected.isObject()) {
            return; // a decoder
        }
        RandomState.manualSeed(7);
        try (PretrainedModel model = GoldenModel.open(golden.folder(), other)) {
            assertThat(model.newlyInitialized()).isNotEmpty();
            for (String name : model.newlyInitialized()) {
                if (expected.isObject()) {
                    assertThat(TensorData.toFloats(model.parameters().get(name)))
                            .as(name)
                            .containsExactly(GoldenModel.floats(expected.path(name)), within(1e-7f));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.trainer4j.model.GoldenModel#all")
    void logitsHaveOneRowPerSequenceOrToken(GoldenModel golden) {
        try (Scope scope = Scope.open();
                PretrainedModel model = golden.open()) {
            Tensor logits = model.logits(padded(Side.RIGHT, golden.config()), Mode.EVAL);
            if (golden.task() == Task.SEQUENCE_CLASSIFICATION) {
                assertThat(logits.shape()).containsExactly(3, golden.config().numLabels());
            } else {
                assertThat(logits.shape()).containsExactly(3, 9, 61);
            }
            assertThat(model.vocabSize()).isEqualTo(61);
            assertThat(model.hiddenSize()).isEqualTo(16);
        }
    }

    @ParameterizedTest
    @MethodSource("io.trainer4j.model.GoldenModel#all")
    void rightPaddingChangesNothing(GoldenModel golden) {
        assertPaddingChangesNothing(golden, Side.RIGHT);
    }

    static Stream<GoldenModel> ignoringLeftPadding() {
        return GoldenModel.all().filter(GoldenModel::ignoresLeftPadding);
    }

    /** Not for those whose learned positions count from the left edge, padding included. */
    @ParameterizedTest
    @MethodSource("ignoringLeftPadding")
    void leftPaddingChangesNothing(GoldenModel golden) {
        assertPaddingChangesNothing(golden, Side.LEFT);
    }

    private static void assertPaddingChangesNothing(GoldenModel golden, Side side) {
        try (Scope scope = Scope.open();
                PretrainedModel model = golden.open()) {
            Tensor together = model.logits(padded(side, golden.config()), Mode.EVAL);
            for (int row = 0; row < SENTENCES.length; row++) {
                Tensor alone =
                        model.logits(ModelInput.of(SENTENCES[row]), Mode.EVAL).select(0, 0);
                Tensor inBatch = together.select(0, row);
                if (golden.task() != Task.SEQUENCE_CLASSIFICATION) {
                    int tokens = SENTENCES[row].length;
                    inBatch = inBatch.narrow(0, side == Side.RIGHT ? 0 : 9 - tokens, tokens);
                }
                assertThat(TensorData.toFloats(inBatch)).containsExactly(TensorData.toFloats(alone), within(ROUNDING));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.trainer4j.model.GoldenModel#decoders")
    void cacheChangesNothingHoweverTheTokensArrive(GoldenModel golden) {
        // Beyond its context, dynamic scaling turns new keys by other angles than cached ones, as in Python.
        int length = Math.min(40, golden.config().maxPositions());
        int[] ids = IntStream.range(0, length).map(i -> (i * 37 + 11) % 61).toArray();
        int[][] arrivals = {{length}, {1, length - 1}, {4, 1, length - 7, 2}, {3, 2, 7, 1, 1}, new int[length]};
        Arrays.fill(arrivals[4], 1);
        try (Scope scope = Scope.open();
                CausalLM model = (CausalLM) golden.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor whole = model.logits(ModelInput.of(ids), Mode.EVAL).select(0, 0);
            for (int[] pieces : arrivals) {
                try (KeyValueCache cache = model.newCache()) {
                    for (int piece : pieces) {
                        int start = cache.length();
                        Tensor next = model.nextLogits(Arrays.copyOfRange(ids, start, start + piece), cache);
                        assertThat(cache.length()).isEqualTo(start + piece);
                        assertThat(TensorData.toFloats(next))
                                .as("%s after %d tokens", Arrays.toString(pieces), cache.length())
                                .containsExactly(
                                        TensorData.toFloats(whole.select(0, cache.length() - 1)), within(1e-4f));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.trainer4j.model.GoldenModel#decoders")
    void truncatedCacheForgets(GoldenModel golden) {
        try (Scope scope = Scope.open();
                CausalLM model = (CausalLM) golden.open();
                NoGradGuard noGrad = new NoGradGuard();
                KeyValueCache cache = model.newCache()) {
            model.nextLogits(new int[] {5, 6, 7, 8, 9}, cache);
            cache.truncate(2);
            Tensor again = model.nextLogits(new int[] {10, 11}, cache);
            Tensor fresh = model.logits(ModelInput.of(new int[] {5, 6, 10, 11}), Mode.EVAL)
                    .select(1, -1);
            assertThat(TensorData.toFloats(again)).containsExactly(TensorData.toFloats(fresh), within(ROUNDING));
        }
    }

    @ParameterizedTest
    @MethodSource("io.trainer4j.model.GoldenModel#all")
    void evaluationRepeatsExactlyAndTrainingDropsOut(GoldenModel golden, @TempDir Path folder) throws IOException {
        ObjectNode json = (ObjectNode) golden.config().json();
        for (String key : List.of("attention_dropout", "attn_pdrop", "resid_pdrop", "hidden_dropout_prob", "dropout")) {
            json.put(key, 0.3);
        }
        Files.writeString(folder.resolve("config.json"), json.toString());
        Files.copy(golden.folder().resolve(WeightFiles.SINGLE), folder.resolve(WeightFiles.SINGLE));
        ModelInput input = padded(Side.RIGHT, golden.config());
        try (Scope scope = Scope.open();
                PretrainedModel model = golden.open(folder)) {
            float[] first = TensorData.toFloats(model.logits(input, Mode.EVAL));
            assertThat(TensorData.toFloats(model.logits(input, Mode.EVAL))).containsExactly(first);
            RandomState.manualSeed(5);
            float[] dropped = TensorData.toFloats(model.logits(input, Mode.TRAIN));
            assertThat(dropped).isNotEqualTo(first);
            RandomState.manualSeed(5);
            assertThat(TensorData.toFloats(model.logits(input, Mode.TRAIN))).containsExactly(dropped);
        }
    }

    /** Central differences along a random direction, for every parameter tensor. */
    @ParameterizedTest
    @MethodSource("io.trainer4j.model.GoldenModel#all")
    void gradientsAreThoseOfTheLogits(GoldenModel golden) {
        RandomState.manualSeed(4);
        try (Scope scope = Scope.open();
                PretrainedModel model = golden.open()) {
            objective(model).backward();
            for (Map.Entry<String, Tensor> entry : model.parameters().asMap().entrySet()) {
                try (Scope parameterScope = Scope.open();
                        NoGradGuard noGrad = new NoGradGuard()) {
                    Tensor parameter = entry.getValue();
                    Tensor direction = torch.randn(parameter.shape());
                    direction.div_(direction.norm());
                    double analytic = parameter.grad().mul(direction).sum().item_double();
                    double step = 1e-2;
                    double numeric =
                            (shifted(model, parameter, direction, step) - shifted(model, parameter, direction, -step))
                                    / (2 * step);
                    assertThat(numeric)
                            .as(entry.getKey())
                            .isCloseTo(analytic, within(2e-3 + 0.03 * Math.abs(analytic)));
                }
            }
            model.parameters().asMap().values().forEach(p -> p.mutable_grad().reset());
        }
    }

    private static double shifted(PretrainedModel model, Tensor parameter, Tensor direction, double step) {
        Tensor shift = direction.mul(new Scalar(step));
        parameter.add_(shift);
        double value = objective(model).item_double();
        parameter.sub_(shift);
        return value;
    }

    /** Cross-entropy of the logits with fixed classes, without the padding token, whose embedding gets no gradient. */
    private static Tensor objective(PretrainedModel model) {
        Tensor logits = model.logits(ModelInput.of(SENTENCES[0], reversed(SENTENCES[0])), Mode.EVAL);
        Tensor rows = logits.reshape(-1, logits.size(-1));
        long[] classes = IntStream.range(0, (int) rows.size(0))
                .mapToLong(i -> i % rows.size(1))
                .toArray();
        return rows.size(1) == 1
                ? rows.pow(new Scalar(2.0)).mean()
                : torch.cross_entropy(rows, TensorData.longs(classes));
    }

    private static int[] reversed(int[] ids) {
        return IntStream.range(0, ids.length).map(i -> ids[ids.length - 1 - i]).toArray();
    }

    private static ModelInput padded(Side side, ModelConfig config) {
        int[][] ids = new int[SENTENCES.length][9];
        int padding = config.json().path("pad_token_id").asInt();
        int[][] mask = new int[SENTENCES.length][9];
        for (int row = 0; row < ids.length; row++) {
            int tokens = SENTENCES[row].length;
            int start = side == Side.RIGHT ? 0 : 9 - tokens;
            Arrays.fill(ids[row], padding);
            System.arraycopy(SENTENCES[row], 0, ids[row], start, tokens);
            Arrays.fill(mask[row], start, start + tokens, 1);
        }
        return new ModelInput(ids, mask, null);
    }
}
