package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.model.CausalLM;
import io.trainer4j.model.Mode;
import io.trainer4j.model.ModelInput;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.testing.TinyModels;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chunked loss against libtorch's own cross-entropy over all scores, differentiated by autograd. */
class CausalLmObjectiveTest {
    private static final int SUM = 2;

    @ParameterizedTest
    @CsvSource({"1, true", "5, true", "255, true", "256, true", "257, true", "700, true", "257, false", "700, false"})
    void equalsCrossEntropyOfAllScores(int targets, boolean tied) {
        try (CausalLM model = TinyModels.causalLM(1, json -> json.put("tie_word_embeddings", tied))) {
            MiniBatch batch = batch(2, targets + 1, targets);
            Objective objective = new CausalLmObjective(model);

            double loss = objective.backward(batch, targets);
            Map<String, float[]> gradients = GradientCopies.take(model);

            assertThat(objective.targets(batch)).isEqualTo(targets);
            assertThat(loss).isCloseTo(byAutograd(model, batch, targets), within(1e-5));
            GradientCopies.assertClose(gradients, GradientCopies.take(model));
        }
    }

    /** dft_loss of TRL written down with autograd, the weight detached. */
    @ParameterizedTest
    @CsvSource({"1, true", "256, true", "300, true", "300, false"})
    void dftEqualsTheWeightedLossOfAllScores(int targets, boolean tied) {
        try (CausalLM model = TinyModels.causalLM(1, json -> json.put("tie_word_embeddings", tied))) {
            MiniBatch batch = batch(2, targets + 1, targets);
            Objective objective = new CausalLmObjective(model, LossType.DFT, 0);

            double loss = objective.backward(batch, targets);
            Map<String, float[]> gradients = GradientCopies.take(model);

            double expected = dftByAutograd(model, batch, targets);
            assertThat(loss).isCloseTo(expected, within(1e-5));
            GradientCopies.assertClose(gradients, GradientCopies.take(model));
            EvaluationSums sums = new EvaluationSums(null);
            objective.evaluate(batch, sums);
            assertThat(sums.meanLossByTarget()).isCloseTo(expected, within(1e-5));
            EvaluationSums plain = new EvaluationSums(null);
            new CausalLmObjective(model).evaluate(batch, plain);
            assertThat(sums.perplexity()).isEqualTo(plain.perplexity());
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void addsUpOverMicroBatches(boolean tied) {
        try (CausalLM model = TinyModels.causalLM(2, json -> json.put("tie_word_embeddings", tied))) {
            MiniBatch first = batch(3, 12, 20);
            MiniBatch second = batch(2, 7, 5);
            Objective objective = new CausalLmObjective(model);

            double loss = objective.backward(first, 25) + objective.backward(second, 25);
            Map<String, float[]> gradients = GradientCopies.take(model);

            double expected = byAutograd(model, first, 25) + byAutograd(model, second, 25);
            assertThat(loss).isCloseTo(expected, within(1e-5));
            GradientCopies.assertClose(gradients, GradientCopies.take(model));
        }
    }

    @Test
    void dftAddsUpOverMicroBatchesAndIsNamedInThePlan() {
        try (CausalLM model = TinyModels.causalLM(2)) {
            MiniBatch first = batch(3, 12, 20);
            MiniBatch second = batch(2, 7, 5);
            Objective objective = new CausalLmObjective(model, LossType.DFT, 0);

            double loss = objective.backward(first, 25) + objective.backward(second, 25);
            Map<String, float[]> gradients = GradientCopies.take(model);

            double expected = dftByAutograd(model, first, 25) + dftByAutograd(model, second, 25);
            assertThat(loss).isCloseTo(expected, within(1e-6));
            GradientCopies.assertClose(gradients, GradientCopies.take(model));
            assertThat(objective.lossItem().value()).contains("(dft)");
            assertThat(new CausalLmObjective(model).lossItem().value()).doesNotContain("dft");
        }
    }

    @Test
    void labelOfTheFirstTokenIsNoTarget() {
        try (CausalLM model = TinyModels.causalLM(3)) {
            int[] ids = {5, 6, 7};
            Objective objective = new CausalLmObjective(model);
            MiniBatch without = new MiniBatch(ModelInput.of(ids), new int[][] {{-100, -100, 7}});
            MiniBatch with = new MiniBatch(ModelInput.of(ids), new int[][] {{33, -100, 7}});

            assertThat(objective.targets(with)).isEqualTo(1);
            assertThat(objective.backward(with, 1)).isEqualTo(objective.backward(without, 1));
            GradientCopies.take(model);
        }
    }

    @Test
    void rowWithoutLabelsAddsNothing() {
        try (CausalLM model = TinyModels.causalLM(4)) {
            Objective objective = new CausalLmObjective(model);
            int[] none = {-100, -100, -100};
            MiniBatch alone = new MiniBatch(ModelInput.of(new int[] {5, 6, 7}), new int[][] {{-100, 6, 7}});
            MiniBatch both = new MiniBatch(
                    ModelInput.of(new int[] {5, 6, 7}, new int[] {8, 9, 10}), new int[][] {{-100, 6, 7}, none});
            MiniBatch nothing = new MiniBatch(ModelInput.of(new int[] {8, 9, 10}), new int[][] {none});

            double expected = objective.backward(alone, 2);
            Map<String, float[]> gradients = GradientCopies.take(model);
            assertThat(objective.backward(both, 2)).isCloseTo(expected, within(1e-6));
            GradientCopies.assertClose(GradientCopies.take(model), gradients);

            assertThat(objective.targets(nothing)).isZero();
            assertThat(objective.backward(nothing, 2)).isZero();
            assertThat(GradientCopies.take(model)).isEmpty();
        }
    }

    @Test
    void frozenOutputEmbeddingGetsNoGradient() {
        try (CausalLM model = TinyModels.causalLM(5, json -> json.put("tie_word_embeddings", false))) {
            try (Scope scope = Scope.open()) {
                model.trainedOutputEmbedding().orElseThrow().set_requires_grad(false);
            }
            new CausalLmObjective(model).backward(batch(1, 6, 5), 5);

            assertThat(GradientCopies.take(model))
                    .doesNotContainKey("lm_head.weight")
                    .containsKey("model.norm.weight");
        }
    }

    /** Rows of pseudo-random tokens, the last one padded by a third, of which the last {@code targets} are trained. */
    private static MiniBatch batch(int rows, int length, int targets) {
        int[][] ids = new int[rows][length];
        int[][] mask = new int[rows][length];
        int[][] labels = new int[rows][length];
        int left = targets;
        for (int r = rows - 1; r >= 0; r--) {
            int used = r == rows - 1 && rows > 1 ? length - length / 3 : length;
            Arrays.fill(labels[r], MiniBatch.IGNORED);
            for (int t = 0; t < used; t++) {
                ids[r][t] = (r * 31 + t * t * 17 + t) % TinyModels.VOCABULARY;
                mask[r][t] = 1;
            }
            for (int t = used - 1; t > 0 && left > 0; t--, left--) {
                labels[r][t] = ids[r][t];
            }
        }
        return new MiniBatch(new ModelInput(ids, mask, null), labels);
    }

    private static double dftByAutograd(CausalLM model, MiniBatch batch, double normaliser) {
        try (Scope scope = Scope.open()) {
            int length = batch.input().length();
            int[] positions = IntStream.range(0, batch.rows() * length)
                    .filter(p -> p % length < length - 1)
                    .filter(p -> batch.labels()[p / length][p % length + 1] != MiniBatch.IGNORED)
                    .toArray();
            int[] wanted = IntStream.of(positions)
                    .map(p -> batch.labels()[p / length][p % length + 1])
                    .toArray();
            Tensor logProbabilities = model.logits(batch.input(), Mode.TRAIN)
                    .view((long) batch.rows() * length, -1)
                    .index_select(0, TensorData.ints(positions))
                    .log_softmax(1)
                    .gather(1, TensorData.ints(wanted).unsqueeze(1));
            Tensor loss = logProbabilities
                    .exp()
                    .detach()
                    .neg()
                    .mul(logProbabilities)
                    .sum()
                    .div(new Scalar(normaliser));
            loss.backward();
            return loss.item_double();
        }
    }

    /** As transformers/loss/loss_utils.py: labels shifted by one, the last position ignored, summed and divided. */
    private static double byAutograd(CausalLM model, MiniBatch batch, double normaliser) {
        try (Scope scope = Scope.open()) {
            int length = batch.input().length();
            int[] shifted = Arrays.stream(batch.labels())
                    .flatMapToInt(row -> IntStream.concat(Arrays.stream(row).skip(1), IntStream.of(MiniBatch.IGNORED)))
                    .toArray();
            Tensor scores = model.logits(batch.input(), Mode.TRAIN).view((long) batch.rows() * length, -1);
            Tensor loss = torch.cross_entropy_loss(
                            scores, TensorData.ints(shifted), new TensorOptional(), SUM, MiniBatch.IGNORED, 0)
                    .div(new Scalar(normaliser));
            loss.backward();
            return loss.item_double();
        }
    }
}
