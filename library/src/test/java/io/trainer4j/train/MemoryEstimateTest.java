package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.data.Dataset;
import io.trainer4j.model.BlockShape;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.Checkpointing;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.Pass;
import io.trainer4j.model.Precision;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.tensor.Scope;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each term of the formula against the tensors it counts. */
class MemoryEstimateTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(OptimizerNames.class)
    void optimizerStateIsWhatTheOptimizerMakes(OptimizerNames optim) {
        assertState(new TrainingArguments().optim(optim));
    }

    @ParameterizedTest
    @ValueSource(strings = {"momentum=0.9", "momentum=0.9,centered=true", "centered=true"})
    void optimizerStateFollowsTheSettings(String settings) {
        assertState(new TrainingArguments().optim(OptimizerNames.RMSPROP).optimArgs(settings));
        assertState(new TrainingArguments().optim(OptimizerNames.SGD).optimArgs("momentum=0.9"));
    }

    private static void assertState(TrainingArguments arguments) {
        try (CausalLM model = wide();
                Optimizer optimizer = Optimizer.of(model.parameters(), arguments)) {
            long counted = optimizer.state().values().stream()
                    .mapToLong(Tensor::nbytes)
                    .sum();
            assertThat(OptimizerState.bytes(model.parameters().trainable(), arguments))
                    .isEqualTo(counted);
        }
    }

    /** With matrices of more than 4096 values. */
    private static CausalLM wide() {
        return TinyModels.causalLM(1, json -> json.put("hidden_size", 24).put("intermediate_size", 176));
    }

    @Test
    void gradientsAndEarlyGradientsAreThoseOfABackwardPass() {
        try (CausalLM model = wide()) {
            RunShape run = shape(model, new TrainingArguments().perDeviceTrainBatchSize(2));
            CausalLmObjective objective = new CausalLmObjective(model);
            MiniBatch batch = run.setup().rows().batch(run.longest());
            objective.backward(batch, 1);
            long counted = GradientCopies.take(model).values().stream()
                    .mapToLong(values -> 4L * values.length)
                    .sum();
            assertThat(run.memory(0).gradients()).isEqualTo(counted);
            assertThat(run.memory(0).early()).isEqualTo(4L * model.vocabSize() * model.hiddenSize());
            RunShape accumulating = shape(model, run.setup().arguments().gradientAccumulationSteps(2));
            assertThat(accumulating.memory(0).early()).isEqualTo(counted);
            assertThat(run.memory(0).scores()).isEqualTo(4L * objective.targets(batch) * model.vocabSize());
            assertThat(run.memory(7).process()).isEqualTo(7);
        }
    }

    /** Beside the blocks a token of a decoder keeps its number, its angles, the last norm and its scores. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void aTokenOfADecoderKeepsWhatTheFormulaSays(Precision precision) {
        try (CausalLM model = wide()) {
            BlockShape block = model.blockShape();
            long angles = 2 * block.attended() / block.heads();
            assertThat(besideTheBlocks(model, precision))
                    .isEqualTo(Long.BYTES + 4L * (angles + model.hiddenSize() + model.vocabSize()));
        }
    }

    /** Beside the blocks a token of an encoder keeps its number and its row of the embedding. */
    @Test
    void aTokenOfAnEncoderKeepsWhatTheFormulaSays() {
        try (SequenceClassifier model = TinyModels.classifier(1, folder, 3, 0)) {
            assertThat(besideTheBlocks(model, Precision.FLOAT32)).isBetween(0L, Long.BYTES + 8L * model.hiddenSize());
        }
    }

    /** What a token keeps more than the formula says, between two lengths, so that what is kept once falls out. */
    private static long besideTheBlocks(PretrainedModel model, Precision precision) {
        long ofToken = (recorded(model, 12, precision) - recorded(model, 8, precision)) / 4;
        return ofToken - model.layerNames().size() * MemoryEstimate.keptBytesPerToken(model.blockShape(), precision);
    }

    private static long recorded(PretrainedModel model, int length, Precision precision) {
        try (Scope scope = Scope.open();
                Pass pass = Pass.recorded(Checkpointing.NONE, precision, null)) {
            model.logits(ModelInput.of(IntStream.range(0, length).toArray()), pass);
            return pass.recordedBytes();
        }
    }

    @Test
    void aCheckpointedPassKeepsOnlyWhatEntersTheBlocks() {
        try (CausalLM model = wide();
                Scope scope = Scope.open();
                Pass pass = Pass.recorded(Checkpointing.ALL)) {
            model.hiddenStates(ModelInput.of(new int[] {1, 2, 3, 4}), pass);
            long states = 4L * 4 * model.hiddenSize() * model.layerNames().size();
            long randomStates = 5056L * model.layerNames().size();
            assertThat(pass.recordedBytes()).isBetween(states, states + randomStates + 4096);
            BatchShape batch = new BatchShape(1, 4, 4);
            BlockShape block = model.blockShape();
            long one = MemoryEstimate.blockBytes(block, batch);
            for (Precision precision : Precision.values()) {
                long kept = 4
                        * (MemoryEstimate.keptBytesPerToken(block, precision)
                                + MemoryEstimate.savedBytesPerToken(block));
                assertThat(MemoryEstimate.activationBytes(block, batch, 6, Checkpointing.ALL, precision))
                        .isEqualTo(one + 8L * 4 * 4 * model.hiddenSize());
                assertThat(MemoryEstimate.activationBytes(block, batch, 6, new Checkpointing(2), precision))
                        .isEqualTo(one + 3 * kept + 5L * 4 * 4 * model.hiddenSize());
                assertThat(MemoryEstimate.activationBytes(block, batch, 6, Checkpointing.NONE, precision))
                        .isEqualTo(one + 5 * kept + 2L * 4 * 4 * model.hiddenSize());
            }
        }
    }

    @Test
    void thePeakIsThatOfThePassOrOfTheUpdate() {
        assertThat(new MemoryEstimate(1, 10, 100, 7, 1_000, 10_000, 50, 3, 0).peak())
                .isEqualTo(11_021);
        assertThat(new MemoryEstimate(1, 10, 100_000, 7, 1_000, 10_000, 50, 3, 0).peak())
                .isEqualTo(101_061);
        assertThat(new MemoryEstimate(1, 10, 100, 7, 1_000, 10_000, 50, 3, 20_000).peak())
                .isEqualTo(21_011);
    }

    @Test
    void batchesCountPaddingWhereItIsComputed() {
        int[] lengths = {5, 2, 9};
        assertThat(BatchShape.of(new int[] {0, 2}, lengths, false)).isEqualTo(new BatchShape(2, 9, 18));
        assertThat(BatchShape.of(new int[] {0, 2}, lengths, true)).isEqualTo(new BatchShape(2, 9, 14));
        assertThat(BatchShape.tokens(List.of(new int[] {0, 2}, new int[] {1}), lengths, false))
                .isEqualTo(20);
        assertThat(new BatchShape(4, 9, 28).ofRows(1)).isEqualTo(new BatchShape(1, 9, 7));
    }

    static RunShape shape(CausalLM model, TrainingArguments arguments) {
        return shape(model, arguments, TinyModels.sentences(10));
    }

    private static RunShape shape(CausalLM model, TrainingArguments arguments, Dataset training) {
        TrainingRows rows = new TrainingRows(training, DataCollator.forCausalLM(0));
        CausalLmObjective objective = new CausalLmObjective(model);
        Callbacks callbacks = new Callbacks(List.of(), arguments);
        Evaluation evaluation =
                new Evaluation(objective, TinyModels.sentences(5), rows.collator(), null, arguments, w -> {}, null);
        return RunShape.of(new TrainingSetup(
                model, arguments, rows, objective, evaluation, new OutputFiles(model, null, arguments), callbacks));
    }

    @ParameterizedTest
    @EnumSource(SamplingStrategy.class)
    void everyRowIsLookedAtOnceWhateverTheOrder(SamplingStrategy strategy) {
        AtomicInteger looks = new AtomicInteger();
        Dataset counted = TinyModels.sentences(10).mapRows(row -> {
            looks.incrementAndGet();
            return Map.of();
        });
        try (CausalLM model = wide()) {
            TrainingArguments arguments =
                    new TrainingArguments().trainSamplingStrategy(strategy).numTrainEpochs(3);
            assertThat(shape(model, arguments, counted).plan().epochs()).isEqualTo(3);
            assertThat(looks).hasValue(10);
        }
    }

    @Test
    void theLongestBatchIsFoundAmongAllEpochs() {
        try (CausalLM model = wide()) {
            RunShape run = shape(
                    model, new TrainingArguments().perDeviceTrainBatchSize(3).numTrainEpochs(3));
            long most = run.batches().stream()
                    .mapToLong(batch -> run.shape(batch).tokens())
                    .max()
                    .orElseThrow();
            assertThat(run.shape(run.longest()).tokens()).isGreaterThanOrEqualTo(most);
            List<Integer> rows = run.byLength(run.longest());
            int row = rows.get(rows.size() - 1);
            assertThat(IntStream.of(run.longest()).map(i -> run.lengths()[i]).max())
                    .hasValue(run.lengths()[row]);
            assertThat(run.batches()).contains(run.typical());
            assertThat(run.withLongest(row).memory(0).activations())
                    .isLessThan(run.memory(0).activations());
            long sum = IntStream.of(run.lengths()).sum();
            assertThat(run.tokens()).isEqualTo(3 * sum);
            assertThat(run.evaluationTokens())
                    .isEqualTo(IntStream.of(EpochOrder.lengths(TinyModels.sentences(5), ""))
                            .sum());
            assertThat(Map.of("longest", run.longestText()).get("longest")).contains("3 rows of up to");
        }
    }
}
