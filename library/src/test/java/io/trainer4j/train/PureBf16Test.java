package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.GenerationConfig;
import io.trainer4j.model.LoraConfig;
import io.trainer4j.model.PeftModel;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.model.PretrainedModel.DType;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PureBf16Test {
    private static final String EMBEDDING = "model.embed_tokens.weight";

    @TempDir
    Path out;

    /** Only the storage differs: the products see the same numbers. */
    @ParameterizedTest
    @MethodSource("io.trainer4j.train.EveryModel#all")
    void aModelInBf16IsTheModelWithRoundedWeights(EveryModel every) {
        try (PretrainedModel rounded = every.open();
                PretrainedModel stored = every.open()) {
            stored.to(DType.BFLOAT16);
            rounded.to(DType.BFLOAT16);
            rounded.to(DType.FLOAT32);
            Objective expected = Objective.of(rounded, new TrainingArguments());
            Objective actual = Objective.of(stored, new TrainingArguments());
            MiniBatch batch = EveryModel.batch(rounded);
            double targets = expected.targets(batch);

            assertThat(actual.backward(batch, targets)).isCloseTo(expected.backward(batch, targets), within(1e-5));
            assertCloseToBf16(GradientCopies.take(stored), GradientCopies.take(rounded));
            EvaluationSums sums = new EvaluationSums(null);
            EvaluationSums expectedSums = new EvaluationSums(null);
            actual.evaluate(batch, sums);
            expected.evaluate(batch, expectedSums);
            assertThat(sums.meanLossByTarget()).isCloseTo(expectedSums.meanLossByTarget(), within(1e-5));
        }
    }

    private static void assertCloseToBf16(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> {
            float largest = 0;
            for (float value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
            for (int i = 0; i < values.length; i++) {
                assertThat(actual.get(name)[i])
                        .as("%s[%d]", name, i)
                        .isCloseTo(values[i], within(1e-6f + 0.01f * largest));
            }
        });
    }

    @Test
    void aModelInBf16Answers() {
        int[] prompt = {5, 6, 7};
        GenerationConfig greedy = GenerationConfig.greedy(Set.of()).withMaxNewTokens(6);
        try (CausalLM rounded = TinyModels.causalLM(1);
                CausalLM stored = TinyModels.causalLM(1)) {
            rounded.to(DType.BFLOAT16);
            rounded.to(DType.FLOAT32);
            stored.to(DType.BFLOAT16);
            assertThat(stored.generate(prompt, greedy)).isEqualTo(rounded.generate(prompt, greedy));
            assertThatThrownBy(() -> stored.to(DType.FLOAT16))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("choose bfloat16");
        }
    }

    /** Half the distance of two bf16 numbers below 1 is 0.002; rounded to the nearest, 1 would never move. */
    @ParameterizedTest
    @ValueSource(strings = {"stochastic", "kahan"})
    void smallUpdatesAreNotLost(String rounding) {
        RandomState.manualSeed(1);
        TrainingArguments arguments = new TrainingArguments().pureBf16(true).optimArgs("rounding=" + rounding);
        try (CausalLM model = ones();
                Optimizer optimizer = Optimizer.of(model.parameters(), arguments)) {
            for (int step = 0; step < 100; step++) {
                stepWithGradientOne(model, optimizer, 1e-4);
            }
            float[] weights = TensorData.toFloats(model.parameters().get(EMBEDDING));
            double mean = mean(weights);
            if (rounding.equals("stochastic")) {
                assertThat(mean).isCloseTo(0.99, within(5e-4));
                assertThat(Arrays.stream(toDoubles(weights)).distinct().count()).isBetween(2L, 12L);
            } else {
                float[] lost = TensorData.toFloats(optimizer.state().get(EMBEDDING + ".compensation"));
                assertThat(lost).isNotEqualTo(new float[lost.length]);
                assertThat(mean + mean(lost)).isCloseTo(0.99, within(1e-4));
                for (int i = 0; i < weights.length; i++) {
                    assertThat(weights[i] + lost[i]).isCloseTo(0.99f, within(2e-4f));
                }
            }
        }
    }

    private static CausalLM ones() {
        CausalLM model = TinyModels.causalLM(1);
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            model.parameters().asMap().values().forEach(tensor -> tensor.fill_(new Scalar(1.0)));
        }
        model.to(DType.BFLOAT16);
        return model;
    }

    private static void stepWithGradientOne(CausalLM model, Optimizer optimizer, double learningRate) {
        try (Scope scope = Scope.open()) {
            Tensor parameter = model.parameters().get(EMBEDDING);
            parameter.mutable_grad().put(torch.ones_like(parameter));
            optimizer.step(learningRate);
            parameter.mutable_grad().reset();
        }
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private static double mean(float[] values) {
        return Arrays.stream(toDoubles(values)).average().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rounding=stochastic", "rounding=kahan"})
    void aRunFollowsThatInFp32(String rounding) {
        TrainingArguments arguments =
                TinyRun.arguments(out).maxSteps(30).learningRate(3e-3).saveStrategy(SaveStrategy.NO);
        TinyRun full = TinyRun.of(1, arguments, builder -> builder);
        TinyRun pure = TinyRun.of(1, arguments.pureBf16(true).optimArgs(rounding), builder -> builder);
        double expected = meanOfLast(full);
        assertThat(full.losses().get(0)).isGreaterThan(expected + 0.5);
        assertThat(meanOfLast(pure)).isCloseTo(expected, within(0.15));
    }

    private static double meanOfLast(TinyRun run) {
        return run.losses().subList(20, 30).stream()
                .mapToDouble(loss -> loss)
                .average()
                .orElseThrow();
    }

    @Test
    void itTakesHalfOfTheMemory() {
        long full = bytes(new TrainingArguments());
        long pure = bytes(new TrainingArguments().pureBf16(true));
        long kahan = bytes(new TrainingArguments().pureBf16(true).optimArgs("rounding=kahan"));
        assertThat(pure).isEqualTo(full / 2);
        assertThat(kahan).isEqualTo(full * 5 / 8);
    }

    /** Weights, gradients and what the optimizer keeps, but for its counts. */
    private static long bytes(TrainingArguments arguments) {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Trainer.builder(model, arguments).build();
            MiniBatch batch = EveryModel.batch(model);
            Objective objective = Objective.of(model, arguments);
            objective.backward(batch, (double) objective.targets(batch));
            try (Scope scope = Scope.open();
                    Optimizer optimizer = Optimizer.of(model.parameters(), arguments)) {
                long weights = model.parameters().asMap().values().stream()
                        .mapToLong(tensor -> tensor.nbytes() + tensor.grad().nbytes())
                        .sum();
                long state = optimizer.state().values().stream()
                        .filter(tensor -> tensor.numel() > 1)
                        .mapToLong(Tensor::nbytes)
                        .sum();
                GradientCopies.take(model);
                return weights + state;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rounding=stochastic", "rounding=kahan"})
    void itIsResumedBitForBitFromWeightsInBf16(String rounding) {
        TrainingArguments arguments =
                TinyRun.arguments(out).maxSteps(6).saveSteps(3).pureBf16(true).optimArgs(rounding);
        TinyRun whole = TinyRun.of(arguments);
        Path checkpoint = out.resolve("checkpoint-3");
        TinyRun resumed = TinyRun.of(99, arguments.resumeFromCheckpoint(checkpoint.toString()), builder -> builder);

        assertThat(resumed.losses()).isEqualTo(whole.losses().subList(3, 6));
        whole.weights()
                .forEach((name, values) ->
                        assertThat(resumed.weights().get(name)).as(name).isEqualTo(values));
        try (Scope scope = Scope.open();
                SafetensorsFile file = SafetensorsFile.open(checkpoint.resolve("model.safetensors"))) {
            assertThat(file.load(EMBEDDING).scalar_type().intern()).isEqualTo(ScalarType.BFloat16);
        }
    }

    @Test
    void thePlanSaysSoAndOtherOptimizersAreRefused() {
        TrainingArguments pure = TinyRun.arguments(out).pureBf16(true);
        try (CausalLM model = TinyModels.causalLM(1)) {
            Trainer trainer =
                    Trainer.builder(model, pure).trainDataset(TinyRun.TRAIN).build();
            assertThat(trainer.plan().toString()).contains("bf16 (pure_bf16: ").contains("2 bytes each for weight");
        }
        try (CausalLM model = TinyModels.causalLM(1)) {
            PeftModel.getPeftModel(model, new LoraConfig());
            assertThatThrownBy(() -> Trainer.builder(model, pure).build())
                    .isInstanceOf(UsageException.class)
                    .hasMessageStartingWith("Option pure_bf16 is for training all weights");
        }
        assertThatThrownBy(() -> pure.optim(OptimizerNames.SGD).validate())
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "Option pure_bf16 needs the optimizer adamw_torch, whose step loses no small change in 16 bits,"
                                + " not sgd; leave one of them out.");
    }
}
