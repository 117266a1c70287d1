package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.TrainerException;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.Mode;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassificationObjectiveTest {
    private static final int SUM = 2;

    @TempDir
    Path folder;

    @Test
    void isTheMeanOfMinusLogProbability() {
        try (SequenceClassifier model = withoutDropout()) {
            MiniBatch batch = batch(0, 5);
            double expected = 0;
            try (Scope scope = Scope.open()) {
                float[] scores = TensorData.toFloats(model.logits(batch.input(), Mode.EVAL));
                for (int row = 0; row < 5; row++) {
                    int from = row * 3;
                    double sum = IntStream.range(from, from + 3)
                            .mapToDouble(i -> Math.exp(scores[i]))
                            .sum();
                    expected += (Math.log(sum) - scores[from + batch.labels()[row][0]]) / 5;
                }
            }

            assertThat(new ClassificationObjective(model).backward(batch, 5)).isCloseTo(expected, within(1e-5));
            GradientCopies.take(model);
        }
    }

    @Test
    void microBatchesOfUnequalSizeAddUpToTheWhole() {
        try (SequenceClassifier model = withoutDropout()) {
            Objective objective = new ClassificationObjective(model);
            double whole = objective.backward(batch(0, 8), 8);
            Map<String, float[]> expected = GradientCopies.take(model);

            double parts = objective.backward(batch(0, 5), 8) + objective.backward(batch(5, 8), 8);

            assertThat(parts).isCloseTo(whole, within(1e-5));
            GradientCopies.assertClose(GradientCopies.take(model), expected);
        }
    }

    @Test
    void labelTheModelDoesNotHaveIsNamed() {
        try (SequenceClassifier model = withoutDropout()) {
            MiniBatch batch = new MiniBatch(ModelInput.of(new int[] {1, 2}), new int[][] {{3}});

            assertThatThrownBy(() -> new ClassificationObjective(model).backward(batch, 1))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("label 3")
                    .hasMessageContaining("classes 0 to 2");
        }
    }

    @Test
    void customLossThatComputesTheSameIsTheSame() {
        try (SequenceClassifier model = withoutDropout()) {
            Objective builtIn = new ClassificationObjective(model);
            Objective custom = new CustomObjective(model, ClassificationObjectiveTest::crossEntropy, builtIn);
            double expected = builtIn.backward(batch(0, 5), 8) + builtIn.backward(batch(5, 8), 8);
            Map<String, float[]> gradients = GradientCopies.take(model);

            double loss = custom.backward(batch(0, 5), 8) + custom.backward(batch(5, 8), 8);

            assertThat(custom.targets(batch(0, 5))).isEqualTo(5);
            assertThat(loss).isCloseTo(expected, within(1e-5));
            GradientCopies.assertClose(GradientCopies.take(model), gradients);
            assertSameEvaluation(builtIn, custom, batch(0, 5));
        }
    }

    @Test
    void customLossOfALanguageModelSeesUnshiftedLabels() {
        try (CausalLM model = TinyModels.causalLM(3)) {
            Objective builtIn = new CausalLmObjective(model);
            Objective custom = new CustomObjective(model, ClassificationObjectiveTest::shiftedCrossEntropy, builtIn);
            Dataset rows = TinyModels.sentences(5);
            MiniBatch first = DataCollator.forCausalLM(0).collate(rows.rows(0, 1, 2));
            MiniBatch second = DataCollator.forCausalLM(0).collate(rows.rows(3, 4));
            double targets = builtIn.targets(first) + builtIn.targets(second);
            double expected = builtIn.backward(first, targets) + builtIn.backward(second, targets);
            Map<String, float[]> gradients = GradientCopies.take(model);

            double loss = custom.backward(first, targets) + custom.backward(second, targets);

            assertThat(loss).isCloseTo(expected, within(1e-5));
            GradientCopies.assertClose(GradientCopies.take(model), gradients);
            assertSameEvaluation(builtIn, custom, first);
        }
    }

    private static void assertSameEvaluation(Objective builtIn, Objective custom, MiniBatch batch) {
        CollectedPredictions expectedShown = new CollectedPredictions(prediction -> Map.of());
        CollectedPredictions actualShown = new CollectedPredictions(prediction -> Map.of());
        EvaluationSums expected = new EvaluationSums(expectedShown);
        EvaluationSums actual = new EvaluationSums(actualShown);
        builtIn.evaluate(batch, expected);
        custom.evaluate(batch, actual);
        assertThat(actual.meanLossByRow()).isCloseTo(expected.meanLossByRow(), within(1e-5));
        assertThat(actual.meanLossByTarget()).isCloseTo(expected.meanLossByTarget(), within(1e-5));
        assertThat(actual.accuracy()).isEqualTo(expected.accuracy());
        assertThat(actualShown.prediction().predictions())
                .isEqualTo(expectedShown.prediction().predictions());
        assertThat(actualShown.prediction().scores())
                .usingRecursiveComparison()
                .isEqualTo(expectedShown.prediction().scores());
    }

    private static Tensor crossEntropy(Tensor logits, Tensor labels, long numItemsInBatch) {
        return torch.cross_entropy_loss(logits, labels, new TensorOptional(), SUM, MiniBatch.IGNORED, 0)
                .div(new Scalar(numItemsInBatch));
    }

    private static Tensor shiftedCrossEntropy(Tensor logits, Tensor labels, long numItemsInBatch) {
        long length = labels.size(1);
        Tensor scores = logits.narrow(1, 0, length - 1).reshape(-1, TinyModels.VOCABULARY);
        return crossEntropy(scores, labels.narrow(1, 1, length - 1).reshape(-1), numItemsInBatch);
    }

    private SequenceClassifier withoutDropout() {
        return TinyModels.classifier(7, folder, 3, 0);
    }

    private static MiniBatch batch(int from, int until) {
        return DataCollator.forSequenceClassification(0)
                .collate(TinyModels.labelled(8, 3)
                        .rows(IntStream.range(from, until).toArray()));
    }
}
