package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.testing.TinyModels;
import io.trainer4j.train.UpdateRule.Slot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Three steps of every optimizer against torch's and transformers'; src/test/golden/optimizers.py recorded them. */
class OptimizerTest {
    /** {@code [24, 176]}, which decays. */
    private static final String MATRIX = "model.layers.0.mlp.down_proj.weight";

    /** {@code [24]}, which does not. */
    private static final String VECTOR = "model.norm.weight";

    private static final JsonNode GOLDEN = golden();

    @TempDir
    private Path folder;

    private static JsonNode golden() {
        try (InputStream stream = OptimizerTest.class.getResourceAsStream("/golden/arguments/optimizers.json")) {
            return JsonMapper.shared().readTree(stream);
        } catch (IOException e) {
            throw new LinkageError("optimizers.json", e);
        }
    }

    private static Stream<JsonNode> cases() {
        return GOLDEN.path("cases").valueStream();
    }

    private static CausalLM model() {
        return TinyModels.causalLM(1, json -> json.put("hidden_size", 24).put("intermediate_size", 176));
    }

    private static TrainingArguments arguments(JsonNode test) {
        return new TrainingArguments()
                .optim(OptimizerNames.valueOf(test.path("optim").asString().toUpperCase(Locale.ROOT)))
                .optimArgs(test.path("optim_args").asString())
                .weightDecay(0.1)
                .adamBeta1(0.8)
                .adamBeta2(0.99)
                .adamEpsilon(1e-6);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void followsPython(JsonNode test) {
        try (CausalLM model = model();
                Optimizer optimizer = start(model, test)) {
            for (int step = 0; step < 3; step++) {
                step(model, optimizer, step);
            }
            optimizer.showResult();

            double tolerance = test.path("optim").asString().equals("muon") ? 2e-4 : 1e-6;
            assertFollows(model, MATRIX, test.path("matrix"), tolerance);
            assertFollows(model, VECTOR, test.path("vector"), 1e-6);
            GradientCopies.take(model);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void goesOnFromAFileBitForBit(JsonNode test) throws IOException {
        Path file = folder.resolve("optimizer.safetensors");
        float[] undisturbed;
        float[] shown;
        try (CausalLM model = model();
                Optimizer optimizer = start(model, test)) {
            step(model, optimizer, 0);
            optimizer.showResult();
            SafetensorsFile.write(file, optimizer.state());
            shown = weight(model, MATRIX);
            optimizer.goOnTraining();
            step(model, optimizer, 1);
            undisturbed = weight(model, MATRIX);
            GradientCopies.take(model);
        }
        try (CausalLM model = model();
                Optimizer optimizer = Optimizer.of(model.parameters(), arguments(test));
                SafetensorsFile saved = SafetensorsFile.open(file)) {
            fill(model, MATRIX, shown);
            optimizer.restore(saved::load);
            optimizer.goOnTraining();
            step(model, optimizer, 1);

            assertThat(weight(model, MATRIX)).isEqualTo(undisturbed);
            GradientCopies.take(model);
        }
    }

    @Test
    void everyOptimizerIsRecorded() {
        assertThat(cases().map(test -> test.path("optim").asString().toUpperCase(Locale.ROOT)))
                .contains(Arrays.stream(OptimizerNames.values())
                        .filter(name ->
                                name != OptimizerNames.ADAMW_TORCH_FUSED && name != OptimizerNames.ADAMW_BNB_8BIT)
                        .map(Enum::name)
                        .toArray(String[]::new));
    }

    @Test
    void eightBitStateTakesAByteForEachMoment() {
        try (CausalLM model = model();
                Optimizer optimizer = Optimizer.of(
                        model.parameters(), new TrainingArguments().optim(OptimizerNames.ADAMW_BNB_8BIT))) {
            assertThat(optimizer.state().get(MATRIX + ".exp_avg").nbytes()).isEqualTo(4352); // 17 blocks of 256
            assertThat(optimizer.state().get(MATRIX + ".exp_avg_absmax").nbytes())
                    .isEqualTo(17 * 4);
            assertThat(optimizer.state().get(VECTOR + ".exp_avg").nbytes()).isEqualTo(24 * 4);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SGD | momentun=0.9 | Option optim_args has no setting momentun for sgd; there are dampening, momentum, nesterov.
            ADAMW_TORCH | a=1 | Option optim_args has no setting a for adamw_torch; leave it out.
            ADAMW_8BIT | a=1 | Option optim_args has no setting a for adamw_8bit; leave it out.
            SGD | momentum | Option optim_args holds 'momentum' but must be name=value,name=value.
            ADAFACTOR | relative_step=False,scale_parameter=True | Setting scale_parameter of option optim_args cannot be true: the learning rate is that of the schedule, as Hugging Face's Trainer sets adafactor up; leave it out.
            ADAFACTOR | warmup_init=maybe | Setting warmup_init of option optim_args is 'maybe' but must be one of 0, 1, false, no, true, yes.
            MUON | adjust_lr_fn=x | Setting adjust_lr_fn of option optim_args is 'x' but must be one of match_rms_adamw, original.
            """)
    void wrongSettingsAreNamed(OptimizerNames name, String settings, String message) {
        try (CausalLM model = model()) {
            TrainingArguments arguments = new TrainingArguments().optim(name).optimArgs(settings);
            assertThatThrownBy(() -> Optimizer.of(model.parameters(), arguments))
                    .isInstanceOf(UsageException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void anOptimizerThatCannotBeMadeLeavesNothingBehind() {
        Slot failing = new Slot("second", parameter -> {
            throw new IllegalStateException("no memory");
        });
        UpdateRule rule = new UpdateRule(
                "def update(p: Tensor):\n    p.zero_()\n",
                List.of(Slot.zeros("first"), failing),
                List.of(EightBitAdamW.numbers(true)));
        try (CausalLM model = TinyModels.causalLM(1)) {
            assertThatThrownBy(() -> new RuleOptimizer(model.parameters(), 0, name -> rule))
                    .hasMessage("no memory");
        }
    }

    /** What tutorials write to Adafactor, which the Trainer does by itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "scale_parameter=False",
                "relative_step=false,warmup_init=False",
                "scale_parameter=0,relative_step=no"
            })
    void whatAdafactorIsAnywayMayBeWritten(String settings) {
        try (CausalLM model = TinyModels.causalLM(1);
                Optimizer optimizer = Optimizer.of(
                        model.parameters(),
                        new TrainingArguments().optim(OptimizerNames.ADAFACTOR).optimArgs(settings))) {
            assertThat(optimizer.state()).isNotEmpty();
        }
    }

    private static Optimizer start(CausalLM model, JsonNode test) {
        fill(model, MATRIX, values(24 * 176, 0.5, 1));
        fill(model, VECTOR, values(24, 0.25, 1));
        return Optimizer.of(model.parameters(), arguments(test));
    }

    private static void step(CausalLM model, Optimizer optimizer, int step) {
        for (String name : List.of(MATRIX, VECTOR)) {
            try (Scope scope = Scope.open()) {
                Tensor weight = model.parameters().get(name);
                double seed = (name.equals(MATRIX) ? 0.5 : 0.25) + 0.1 * (step + 1);
                weight.mutable_grad().put(TensorData.floats(values((int) weight.numel(), seed, 0.3f), weight.shape()));
            }
        }
        optimizer.step(GOLDEN.path("rates").path(step).asDouble());
    }

    private static float[] values(int count, double seed, float factor) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (Math.sin(i * (0.7 + seed) + seed) * (1 + seed)) * factor;
        }
        return values;
    }

    private static void fill(CausalLM model, String name, float[] values) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor weight = model.parameters().get(name);
            weight.copy_(TensorData.floats(values, weight.shape()));
        }
    }

    private static float[] weight(CausalLM model, String name) {
        return TensorData.toFloats(model.parameters().get(name));
    }

    private static void assertFollows(CausalLM model, String name, JsonNode expected, double tolerance) {
        float[] weights = weight(model, name);
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        for (int i = 0; i < 8; i++) {
            assertThat((double) weights[i])
                    .isCloseTo(expected.path("first").path(i).asDouble(), within(tolerance));
        }
        for (int i = 0; i < 4; i++) {
            assertThat((double) weights[weights.length - 4 + i])
                    .isCloseTo(expected.path("last").path(i).asDouble(), within(tolerance));
        }
        assertThat(sum).isCloseTo(expected.path("sum").asDouble(), within(tolerance * Math.sqrt(weights.length)));
    }
}
