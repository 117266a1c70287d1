package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.Checkpointing;
import io.trainer4j.model.LoraConfig;
import io.trainer4j.model.ModelInput;
import io.trainer4j.model.Pass;
import io.trainer4j.model.PeftModel;
import io.trainer4j.model.Precision;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientCheckpointingTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("io.trainer4j.train.EveryModel#all")
    void lossAndGradientsStayTheSameBits(EveryModel every) {
        assertSameBits(every.open());
    }

    @ParameterizedTest
    @MethodSource("io.trainer4j.train.EveryModel#all")
    void dropoutIsTheSameWhenItIsComputedAgain(EveryModel every) {
        assertSameBits(every.open(0.2, folder));
    }

    /** The last product's values are not computed again, unless a magnitude's gradient takes them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void adaptersOnEveryProductGetTheSameGradients(boolean dora) {
        CausalLM model = TinyModels.causalLM(1);
        PeftModel.getPeftModel(
                model,
                new LoraConfig()
                        .targetModules("all-linear")
                        .loraDropout(0.2)
                        .useDora(dora)
                        .initLoraWeights("false"));
        assertSameBits(model);
    }

    private static void assertSameBits(PretrainedModel opened) {
        try (PretrainedModel model = opened) {
            assertSameBits(model, Precision.FLOAT32);
            assertSameBits(model, Precision.FLOAT32_KEPT_IN_BFLOAT16);
        }
    }

    private static void assertSameBits(PretrainedModel model, Precision precision) {
        Result kept = Result.of(model, Checkpointing.NONE, precision);
        assertThat(kept.gradients()).isNotEmpty();
        for (Checkpointing checkpointing : new Checkpointing[] {Checkpointing.ALL, new Checkpointing(2)}) {
            Result recomputed = Result.of(model, checkpointing, precision);
            assertThat(recomputed.loss()).isEqualTo(kept.loss());
            assertThat(recomputed.gradients().keySet())
                    .isEqualTo(kept.gradients().keySet());
            kept.gradients()
                    .forEach((name, values) -> assertThat(recomputed.gradients().get(name))
                            .as(name)
                            .isEqualTo(values));
            assertThat(recomputed.nextRandom()).isEqualTo(kept.nextRandom());
        }
    }

    @Test
    void gatesInSixteenBitsChangeGradientsByTheirRounding() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Result exact = Result.of(model, Checkpointing.NONE, Precision.FLOAT32);
            Result rounded = Result.of(model, Checkpointing.NONE, Precision.FLOAT32_KEPT_IN_BFLOAT16);
            assertThat(rounded.loss()).isNotEqualTo(exact.loss()).isCloseTo(exact.loss(), within(1e-3));
            exact.gradients().forEach((name, values) -> {
                double most = IntStream.range(0, values.length)
                        .mapToDouble(i -> Math.abs(values[i]))
                        .max()
                        .orElse(0);
                assertThat(rounded.gradients().get(name)).as(name).containsExactly(values, within((float) most / 50));
            });
        }
    }

    private record Result(double loss, Map<String, float[]> gradients, int[] nextRandom) {
        static Result of(PretrainedModel model, Checkpointing checkpointing, Precision precision) {
            RandomState.manualSeed(3);
            Objective objective = Objective.of(model, new TrainingArguments());
            MiniBatch batch = EveryModel.batch(model);
            try (Pass pass = Pass.recorded(checkpointing, precision, null)) {
                double loss = objective.backward(batch, (double) objective.targets(batch), pass);
                return new Result(loss, GradientCopies.take(model), RandomState.permutation(50));
            }
        }
    }

    @Test
    void aRunIsTheSameAndItsPlanSaysSo() {
        TrainingArguments arguments = TinyRun.arguments(folder)
                .maxSteps(3)
                .gradientAccumulationSteps(2)
                .saveStrategy(SaveStrategy.NO);
        TrainingArguments recomputing = arguments
                .gradientCheckpointing(true)
                .gradientCheckpointingKwargs(Map.of("use_reentrant", false, "every_n_layers", 2));
        TinyRun kept = TinyRun.of(arguments);
        TinyRun recomputed = TinyRun.of(recomputing);

        assertThat(recomputed.losses()).isEqualTo(kept.losses());
        kept.weights()
                .forEach((name, values) ->
                        assertThat(recomputed.weights().get(name)).isEqualTo(values));
        assertThat(plan(recomputed))
                .contains("activations      recomputed in 1 of 2 layers (gradient_checkpointing: less memory");
        assertThat(plan(kept)).doesNotContain("activations");
    }

    private static String plan(TinyRun run) {
        return run.events().stream()
                .filter(TrainingEvent.TrainBegin.class::isInstance)
                .map(event -> ((TrainingEvent.TrainBegin) event).plan().toString())
                .findFirst()
                .orElseThrow();
    }

    /** 6 layers of 4096 tokens, more than 6 MiB in each; recomputed, a layer leaves one MiB. */
    @Test
    void halfOfTheMemoryOfTheForwardPassIsEnough() {
        try (CausalLM model = TinyModels.causalLM(
                1,
                json -> json.put("hidden_size", 64)
                        .put("intermediate_size", 192)
                        .put("num_hidden_layers", 6))) {
            assertThat(recordedBytes(model, Checkpointing.ALL))
                    .isLessThan(recordedBytes(model, Checkpointing.NONE) / 2);
        }
    }

    private static long recordedBytes(CausalLM model, Checkpointing checkpointing) {
        int[][] ids = new int[64][64];
        Arrays.stream(ids).forEach(row -> Arrays.fill(row, 7));
        try (Scope scope = Scope.open();
                Pass pass = Pass.recorded(checkpointing)) {
            model.hiddenStates(ModelInput.of(ids), pass);
            return pass.recordedBytes();
        }
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        TrainingArguments arguments = new TrainingArguments().gradientCheckpointing(true);
        assertThat(arguments.checkpointing()).isEqualTo(Checkpointing.ALL);
        assertThatThrownBy(() -> arguments
                        .gradientCheckpointingKwargs(Map.of("every_n_layer", 2))
                        .validate())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("gradient_checkpointing_kwargs has no setting every_n_layer for")
                .hasMessageContaining("every_n_layers");
        assertThatThrownBy(() -> arguments
                        .gradientCheckpointingKwargs(Map.of("every_n_layers", 0))
                        .validate())
                .isInstanceOf(UsageException.class)
                .hasMessage("Setting every_n_layers of option gradient_checkpointing_kwargs is 0"
                        + " but must be at least 1.");
    }
}
