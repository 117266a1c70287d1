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
    void onlyDecodersDoWithoutPadding(EveryModel every) {
        try (PretrainedModel model = every.open()) {
            ModelInput input = model.withoutPadding(EveryModel.padded(), TRAIN);
            boolean encoder = every.toString().matches("(bert|distilbert|roberta).*");
            assertThat(input.isPacked()).isEqualTo(!encoder);
            if (!encoder) {
                assertThat(input.documents()).containsExactly(12, 4, 2);
                assertThat(input.positions()).startsWith(0, 1, 2).endsWith(2, 3, 0, 1);
                assertThat(input.inputIds()[0]).hasSize(18).endsWith(50, 44, 9);
            }
        }
    }

    @Test
    void whatDrawsRandomNumbersKeepsItsLayout() {
        ModelInput padded = EveryModel.padded();
        try (CausalLM dropping = TinyModels.causalLM(1, json -> json.put("attention_dropout", 0.1));
                CausalLM model = TinyModels.causalLM(1);
                Pass recorded = Pass.recorded(Checkpointing.NONE)) {
            assertThat(dropping.withoutPadding(padded, recorded)).isSameAs(padded);
            assertThat(dropping.withoutPadding(padded, Pass.of(Mode.EVAL)).isPacked())
                    .isTrue();
            assertThat(model.withoutPadding(padded, recorded).isPacked()).isTrue();
            model.embeddingNoise(5);
            assertThat(model.withoutPadding(padded, recorded)).isSameAs(padded);
            model.embeddingNoise(0);
            PeftModel.getPeftModel(model, new LoraConfig().loraDropout(0.1));
            assertThat(model.withoutPadding(padded, recorded)).isSameAs(padded);
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
