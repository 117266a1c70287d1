package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.LoraConfig;
import io.trainer4j.model.PeftModel;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that train an adapter. */
class AdapterTrainingTest {
    private static final LoraConfig CONFIG =
            new LoraConfig().r(2).loraAlpha(4).loraDropout(0.1).targetModules("all-linear");

    @TempDir
    Path out;

    private record Outcome(Map<String, float[]> weights, TrainerState state, RunPlan plan) {}

    private static Outcome train(LoraConfig config, TrainingArguments arguments) {
        try (CausalLM model = TinyModels.causalLM(1, json -> json.put("attention_dropout", 0.3))) {
            RandomState.manualSeed(2);
            PeftModel.getPeftModel(model, config);
            Map<String, float[]> base = TinyModels.weights(model);
            Trainer trainer = Trainer.builder(model, arguments)
                    .trainDataset(TinyRun.TRAIN)
                    .evalDataset(TinyRun.EVAL)
                    .build();
            RunPlan plan = trainer.plan();
            trainer.train();
            Map<String, float[]> after = TinyModels.weights(model);
            base.forEach((name, values) -> assertThat(after.get(name)).as(name).isEqualTo(values));
            Map<String, float[]> weights = new LinkedHashMap<>();
            model.parameters().trainable().forEach((name, tensor) -> weights.put(name, TensorData.toFloats(tensor)));
            return new Outcome(weights, trainer.state(), plan);
        }
    }

    private static void assertSame(Outcome actual, Outcome expected) {
        assertThat(actual.weights().keySet()).isEqualTo(expected.weights().keySet());
        expected.weights()
                .forEach((name, values) ->
                        assertThat(actual.weights().get(name)).as(name).isEqualTo(values));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "dora", "pissa"})
    void anInterruptedRunEndsAsAnUndisturbedOne(String kind) {
        LoraConfig config =
                kind.equals("pissa") ? CONFIG.initLoraWeights("pissa") : CONFIG.useDora(kind.equals("dora"));
        TrainingArguments arguments = TinyRun.arguments(out.resolve("whole"))
                .numTrainEpochs(2)
                .saveSteps(2)
                .saveStrategy(SaveStrategy.STEPS);
        Outcome whole = train(config, arguments);
        Path checkpoint = out.resolve("whole/checkpoint-4");
        Outcome resumed =
                train(config, arguments.outputDir(out.resolve("resumed")).resumeFromCheckpoint(checkpoint.toString()));
        assertSame(resumed, whole);
    }

    @Test
    void aCheckpointHoldsTheAdapterAlone() throws IOException {
        train(CONFIG, TinyRun.arguments(out).maxSteps(2).saveSteps(2).saveStrategy(SaveStrategy.STEPS));
        try (Stream<Path> files = Files.list(out.resolve("checkpoint-2"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("adapter_config.json", "adapter_model.safetensors", "optimizer.safetensors")
                    .doesNotContain("model.safetensors", "config.json", "generation_config.json");
        }
    }

    @Test
    void theBestAdapterIsLoadedAtTheEnd() {
        Outcome run = train(
                CONFIG,
                TinyRun.arguments(out)
                        .numTrainEpochs(2)
                        .learningRate(0.3)
                        .evalStrategy(IntervalStrategy.STEPS)
                        .evalSteps(1.0)
                        .saveStrategy(SaveStrategy.STEPS)
                        .saveSteps(1)
                        .loadBestModelAtEnd(true));
        try (CausalLM model = TinyModels.causalLM(1)) {
            PeftModel.fromPretrained(model, Path.of(run.state().bestModelCheckpoint()));
            model.parameters()
                    .trainable()
                    .forEach((name, tensor) ->
                            assertThat(run.weights().get(name)).as(name).isEqualTo(TensorData.toFloats(tensor)));
        }
    }

    @Test
    void thePlanSaysWhatIsTrained() {
        Outcome run = train(CONFIG, TinyRun.arguments(out).maxSteps(1).saveStrategy(SaveStrategy.NO));
        assertThat(run.plan().toString())
                .contains(" trained (", "adapter default: LoRA of rank 2 and alpha 4 on 14 modules");
    }

    @Test
    void withLoraPlusBLearnsFaster() {
        TrainingArguments arguments =
                TinyRun.arguments(out).maxSteps(1).saveStrategy(SaveStrategy.NO).learningRate(1e-3);
        LoraConfig config = CONFIG.loraDropout(0).initLoraWeights("false");
        Map<String, float[]> start = train(config, arguments.learningRate(0)).weights();
        Map<String, float[]> plain = train(config, arguments).weights();
        Map<String, float[]> plus =
                train(config, arguments.loraplusLrRatio(8.0)).weights();
        String module = "model.layers.1.mlp.down_proj.";
        assertThat(moved(start, plus, module + "lora_A.default.weight"))
                .isCloseTo(moved(start, plain, module + "lora_A.default.weight"), within(1e-6));
        assertThat(moved(start, plus, module + "lora_B.default.weight"))
                .isCloseTo(8 * moved(start, plain, module + "lora_B.default.weight"), within(1e-4));
    }

    private static double moved(Map<String, float[]> from, Map<String, float[]> to, String name) {
        return Math.abs(to.get(name)[0] - from.get(name)[0]);
    }

    @Test
    void loraPlusNeedsAdamW() {
        assertThatThrownBy(() -> train(
                        CONFIG,
                        TinyRun.arguments(out)
                                .maxSteps(1)
                                .saveStrategy(SaveStrategy.NO)
                                .optim(OptimizerNames.SGD)
                                .loraplusLrRatio(2.0)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("loraplus_lr_ratio");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MUON", "ADAFACTOR", "ADAMW_8BIT", "SGD"})
    void everyOptimizerMovesAnAdapter(String optimizer) {
        TrainingArguments arguments = TinyRun.arguments(out)
                .maxSteps(1)
                .saveStrategy(SaveStrategy.NO)
                .optim(OptimizerNames.valueOf(optimizer));
        String name = "model.layers.0.mlp.up_proj.lora_B.default.weight";
        assertThat(train(CONFIG, arguments).weights().get(name))
                .isNotEqualTo(train(CONFIG, arguments.learningRate(0)).weights().get(name));
    }
}
