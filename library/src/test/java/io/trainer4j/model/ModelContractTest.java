package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every family with every head must do. */
class ModelContractTest {
    private static final int[][] SENTENCES = {{5, 9, 33, 60, 7, 12, 9, 41, 3}, {8, 3, 3, 50}, {44}};
    private static final float ROUNDING = 1e-5f;

    private enum Side {
        LEFT,
        RIGHT
    }

    @ParameterizedTest
    @EnumSource
    void logitsHaveOneRowPerSequenceOrToken(TinyModel tiny) {
        try (Scope scope = Scope.open();
                PretrainedModel model = tiny.create(0)) {
            Tensor logits = model.logits(padded(Side.RIGHT), Mode.EVAL);
            if (tiny.isCausal()) {
                assertThat(logits.shape()).containsExactly(3, 9, TinyModel.VOCABULARY);
            } else {
                assertThat(logits.shape()).containsExactly(3, TinyModel.LABELS);
            }
            assertThat(model.vocabSize()).isEqualTo(TinyModel.VOCABULARY);
            assertThat(model.hiddenSize()).isEqualTo(32);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rightPaddingChangesNothing(TinyModel tiny) {
        assertPaddingChangesNothing(tiny, Side.RIGHT);
    }

    /** Not for BERT, whose learned positions count from the left edge, padding included. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BERT_CLS")
    void leftPaddingChangesNothing(TinyModel tiny) {
        assertPaddingChangesNothing(tiny, Side.LEFT);
    }

    private static void assertPaddingChangesNothing(TinyModel tiny, Side side) {
        try (Scope scope = Scope.open();
                PretrainedModel model = tiny.create(1)) {
            Tensor together = model.logits(padded(side), Mode.EVAL);
            for (int row = 0; row < SENTENCES.length; row++) {
                Tensor alone =
                        model.logits(ModelInput.of(SENTENCES[row]), Mode.EVAL).select(0, 0);
                Tensor inBatch = together.select(0, row);
                if (tiny.isCausal()) {
                    int tokens = SENTENCES[row].length;
                    inBatch = inBatch.narrow(0, side == Side.RIGHT ? 0 : 9 - tokens, tokens);
                }
                assertThat(TensorData.toFloats(inBatch)).containsExactly(TensorData.toFloats(alone), within(ROUNDING));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"QWEN2_TIED", "QWEN2_UNTIED", "LLAMA", "LLAMA3_ROPE"})
    void cacheChangesNothingHoweverTheTokensArrive(TinyModel tiny) {
        int[] ids = IntStream.range(0, 150).map(i -> (i * 37 + 11) % 61).toArray();
        try (Scope scope = Scope.open();
                CausalLM model = (CausalLM) tiny.create(2);
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor whole = model.logits(ModelInput.of(ids), Mode.EVAL).select(0, 0);
            int[][] arrivals = {{150}, {1, 149}, {100, 1, 40, 9}, {3, 2, 122, 1, 1, 21}, new int[150]};
            Arrays.fill(arrivals[4], 1);
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
    @EnumSource(names = {"QWEN2_TIED", "LLAMA3_ROPE"})
    void truncatedCacheForgets(TinyModel tiny) {
        try (Scope scope = Scope.open();
                CausalLM model = (CausalLM) tiny.create(2);
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
    @EnumSource
    void evaluationRepeatsExactlyAndTrainingDropsOut(TinyModel tiny) {
        ModelInput input = padded(Side.RIGHT);
        boolean dropsOut = tiny.config().json().path("attention_dropout").asDouble(0) > 0 || tiny == TinyModel.BERT_CLS;
        try (Scope scope = Scope.open();
                PretrainedModel model = tiny.create(3)) {
            float[] first = TensorData.toFloats(model.logits(input, Mode.EVAL));
            assertThat(TensorData.toFloats(model.logits(input, Mode.EVAL))).containsExactly(first);
            RandomState.manualSeed(5);
            float[] dropped = TensorData.toFloats(model.logits(input, Mode.TRAIN));
            assertThat(Arrays.equals(first, dropped)).isEqualTo(!dropsOut);
            RandomState.manualSeed(5);
            assertThat(TensorData.toFloats(model.logits(input, Mode.TRAIN))).containsExactly(dropped);
        }
    }

    /** Central differences along a random direction, for every parameter tensor. */
    @ParameterizedTest
    @EnumSource
    void gradientsAreThoseOfTheLogits(TinyModel tiny) {
        try (Scope scope = Scope.open();
                PretrainedModel model = tiny.create(4)) {
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
        return torch.cross_entropy(rows, TensorData.longs(classes));
    }

    private static int[] reversed(int[] ids) {
        return IntStream.range(0, ids.length).map(i -> ids[ids.length - 1 - i]).toArray();
    }

    private static ModelInput padded(Side side) {
        int[][] ids = new int[SENTENCES.length][9];
        int[][] mask = new int[SENTENCES.length][9];
        for (int row = 0; row < ids.length; row++) {
            int tokens = SENTENCES[row].length;
            int start = side == Side.RIGHT ? 0 : 9 - tokens;
            System.arraycopy(SENTENCES[row], 0, ids[row], start, tokens);
            Arrays.fill(mask[row], start, start + tokens, 1);
        }
        return new ModelInput(ids, mask, null);
    }
}
