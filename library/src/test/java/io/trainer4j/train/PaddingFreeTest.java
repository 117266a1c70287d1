package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.model.CausalLM;
import io.trainer4j.model.Checkpointing;
import io.trainer4j.model.LoraConfig;
import io.trainer4j.model.Mode;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.Pass;
import io.trainer4j.model.PeftModel;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A padded batch is computed as one row of documents, which gives what each of them gives alone. */
class PaddingFreeTest {
    private static final Pass TRAIN = Pass.of(Mode.TRAIN);

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("io.trainer4j.train.EveryModel#all")
    void lossAndGradientsAreThoseOfTheRowsAlone(EveryModel every) {
        try (PretrainedModel model = every.open()) {
            Objective objective = Objective.of(model, new TrainingArguments());
            MiniBatch batch = EveryModel.batch(model);
            double normaliser = objective.targets(batch);

            double loss = objective.backward(batch, normaliser);
            Map<String, float[]> gradients = GradientCopies.take(model);
            double alone = 0;
            for (int row = 0; row < batch.rows(); row++) {
                alone += objective.backward(row(batch, row), normaliser);
            }

            assertThat(loss).isCloseTo(alone, within(2e-6 * Math.max(1, alone)));
            GradientCopies.assertClose(gradients, GradientCopies.take(model));
        }
    }

    private static MiniBatch row(MiniBatch batch, int row) {
        int length = EveryModel.SENTENCES[row].length;
        int[] labels = batch.labels()[row];
        return new MiniBatch(
                ModelInput.of(EveryModel.SENTENCES[row]),
                new int[][] {labels.length > length ? Arrays.copyOf(labels, length) : labels},
                batch.values() == null ? null : new float[][] {batch.values()[row]});
    }

    @ParameterizedTest
    @MethodSource("io.trainer4j.train.EveryModel#decoders")
    void documentsDoNotSeeEachOther(EveryModel every) {
        int[][] sentences = EveryModel.SENTENCES;
        int[][] others = {sentences[0].clone(), sentences[1], sentences[2]};
        Arrays.fill(others[0], 1);
        try (Scope scope = Scope.open();
                CausalLM model = (CausalLM) every.open()) {
            Tensor packed = model.hiddenStates(ModelInput.packed(sentences), TRAIN);
            Tensor changed = model.hiddenStates(ModelInput.packed(others), TRAIN);
            Tensor padded = model.hiddenStates(EveryModel.padded(), TRAIN);
            int start = 0;
            for (int row = 0; row < sentences.length; row++) {
                int length = sentences[row].length;
                float[] document = TensorData.toFloats(packed.narrow(1, start, length));
                assertThat(document)
                        .containsExactly(
                                TensorData.toFloats(padded.select(0, row).narrow(0, 0, length)), within(2e-5f));
                if (row > 0) {
                    assertThat(TensorData.toFloats(changed.narrow(1, start, length)))
                            .isEqualTo(document);
                }
                start += length;
            }
            assertThat(packed.shape()).containsExactly(1, start, model.hiddenSize());
        }
    }

    @ParameterizedTest
    @MethodSource("io.trainer4j.train.EveryModel#all")
    void everyFamilyDoesWithoutPadding(EveryModel every) {
        try (PretrainedModel model = every.open()) {
            ModelInput input = model.withoutPadding(EveryModel.padded(), TRAIN);
            assertThat(input.documents()).containsExactly(12, 4, 2);
            assertThat(input.positions()).startsWith(0, 1, 2).endsWith(2, 3, 0, 1);
            assertThat(input.inputIds()[0]).hasSize(18).endsWith(50, 44, 9);
        }
    }

    @Test
    void segmentsGoWithTheirTokens() {
        ModelInput padded = EveryModel.padded();
        int[][] types = new int[3][12];
        types[1][3] = 1;
        types[2][5] = 1; // of padding
        try (CausalLM model = TinyModels.causalLM(1)) {
            ModelInput input =
                    model.withoutPadding(new ModelInput(padded.inputIds(), padded.attentionMask(), types), TRAIN);
            assertThat(input.tokenTypeIds()[0]).hasSize(18).containsOnlyOnce(1);
            assertThat(input.tokenTypeIds()[0][15]).isEqualTo(1);
        }
    }

    /** Without a record the batch stays padded as in Python. */
    @ParameterizedTest
    @MethodSource("io.trainer4j.train.EveryModel#all")
    void tokensGetTheRandomNumbersOfThePaddedBatch(EveryModel every) {
        try (PretrainedModel model = every.open(0.2, folder)) {
            assertDrawsAsPadded(model);
            model.embeddingNoise(5);
            assertDrawsAsPadded(model);
        }
    }

    @Test
    void adaptersGetTheRandomNumbersOfThePaddedBatch() {
        for (boolean dora : new boolean[] {false, true}) {
            try (CausalLM model = TinyModels.causalLM(1)) {
                PeftModel.getPeftModel(
                        model, new LoraConfig().loraDropout(0.3).useDora(dora).targetModules("all-linear"));
                assertDrawsAsPadded(model);
            }
        }
    }

    private static void assertDrawsAsPadded(PretrainedModel model) {
        Objective objective = Objective.of(model, new TrainingArguments());
        MiniBatch batch = EveryModel.batch(model);
        try (Scope scope = Scope.open()) {
            Tensor random = RandomState.save();
            double loss = objective.backward(batch, 1, TRAIN);
            Map<String, float[]> gradients = GradientCopies.take(model);
            assertThat(gradients).isNotEmpty();
            Tensor after = RandomState.save();
            RandomState.restore(random);
            try (Pass recorded = Pass.recorded(new Checkpointing(2))) {
                assertThat(objective.backward(batch, 1, recorded)).isCloseTo(loss, within(1e-5 * Math.max(1, loss)));
            }
            assertThat(RandomState.save().equal(after)).isTrue();
            GradientCopies.assertClose(GradientCopies.take(model), gradients);
        }
    }

    @Test
    void whatHasNoPaddingOnTheRightStaysAsItIs() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            ModelInput full = ModelInput.of(new int[] {4, 5}, new int[] {6, 7});
            ModelInput left = new ModelInput(new int[][] {{0, 5}, {6, 7}}, new int[][] {{0, 1}, {1, 1}}, null);
            ModelInput empty = new ModelInput(new int[][] {{0, 0}, {6, 7}}, new int[][] {{0, 0}, {1, 1}}, null);
            ModelInput packed = ModelInput.packed(new int[] {4, 5}, new int[] {6});
            for (ModelInput input : new ModelInput[] {full, left, empty, packed}) {
                assertThat(model.withoutPadding(input, TRAIN)).isSameAs(input);
            }
        }
    }

    @Test
    void aPackedClassifierScoresEachDocument() {
        try (Scope scope = Scope.open();
                SequenceClassifier model = TinyModels.classifier(3, folder, 4, 0)) {
            Tensor scores = model.logits(ModelInput.packed(EveryModel.SENTENCES), Mode.EVAL);
            for (int row = 0; row < 3; row++) {
                float[] alone = TensorData.toFloats(model.logits(ModelInput.of(EveryModel.SENTENCES[row]), Mode.EVAL));
                assertThat(TensorData.toFloats(scores.select(0, row))).containsExactly(alone, within(1e-5f));
            }
            assertThat(scores.shape()).containsExactly(3, 4);
        }
    }
}
