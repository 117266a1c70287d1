package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.Pruning;
import io.trainer4j.model.PruningOptions;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeptZerosTest {
    private static final String MATRIX = "model.layers.0.mlp.up_proj.weight";

    @TempDir
    Path folder;

    private CausalLM pruned() {
        Path original = folder.resolve("original");
        Path pruned = folder.resolve("pruned");
        try (CausalLM model = TinyModels.causalLM(1)) {
            model.savePretrained(original);
        }
        new Pruning(new PruningOptions().sparsity(0.5)).run(original, pruned);
        return AutoModelForCausalLM.fromPretrained(pruned);
    }

    private TrainingArguments arguments() {
        return TinyRun.arguments(folder.resolve("out")).maxSteps(6).saveStrategy(SaveStrategy.NO);
    }

    private static Trainer trainer(CausalLM model, TrainingArguments arguments) {
        return Trainer.builder(model, arguments)
                .trainDataset(TinyRun.TRAIN)
                .evalDataset(TinyRun.TRAIN)
                .build();
    }

    @ParameterizedTest
    @EnumSource(
            value = OptimizerNames.class,
            names = {"ADAMW_TORCH", "SGD", "SCHEDULE_FREE_ADAMW", "MUON"})
    void healingLowersTheLossAndZerosStay(OptimizerNames optimizer) {
        try (CausalLM model = pruned()) {
            Map<String, float[]> before = TinyModels.weights(model);
            Trainer trainer = trainer(model, arguments().optim(optimizer).keepZeros(true));
            double loss = trainer.evaluate().get("eval_loss");
            trainer.train();
            assertThat(trainer.evaluate().get("eval_loss")).isLessThan(loss);
            Map<String, float[]> after = TinyModels.weights(model);
            int moved = 0;
            int zeros = 0;
            for (Map.Entry<String, float[]> entry : before.entrySet()) {
                if (entry.getKey().endsWith("_proj.weight")) {
                    for (int i = 0; i < entry.getValue().length; i++) {
                        boolean wasZero = entry.getValue()[i] == 0;
                        float now = after.get(entry.getKey())[i];
                        assertThat(now == 0).as(entry.getKey()).isEqualTo(wasZero);
                        zeros += wasZero ? 1 : 0;
                        moved += now != entry.getValue()[i] ? 1 : 0;
                    }
                }
            }
            assertThat(zeros).isPositive();
            assertThat(moved).isPositive();
        }
    }

    @Test
    void withoutTheOptionZerosAreTrained() {
        try (CausalLM model = pruned()) {
            trainer(model, arguments()).train();
            assertThat(zeros(TinyModels.weights(model).get(MATRIX))).isZero();
        }
    }

    private static long zeros(float[] values) {
        long zeros = 0;
        for (float value : values) {
            zeros += value == 0 ? 1 : 0;
        }
        return zeros;
    }

    /** Those of biases, which begin as zeros, are values like others; the embedding is no matrix of a layer. */
    @Test
    void onlyMatricesOfLayersAreHeld() {
        try (CausalLM model = pruned()) {
            Trainer trainer = trainer(model, arguments().keepZeros(true));
            assertThat(trainer.plan().toString())
                    .contains(
                            "2,304 of 4,608 weights of the layers' matrices stay zero (keep_zeros: sparse as loaded)");
            trainer.train();
            assertThat(zeros(TinyModels.weights(model).get("model.layers.0.self_attn.v_proj.bias")))
                    .isZero();
        }
    }

    @Test
    void frozenMatricesAreNotHeld() {
        try (CausalLM model = pruned()) {
            Trainer trainer =
                    trainer(model, arguments().keepZeros(true).trainableModules(List.of("layers.1.mlp.up_proj")));
            assertThat(trainer.plan().toString()).contains("256 of 512 weights");
        }
    }

    @Test
    void aModelWithoutZerosIsRefused() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Trainer trainer = trainer(model, arguments().keepZeros(true));
            assertThatThrownBy(trainer::train)
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining(
                            "Option keep_zeros finds no zeros in the model's own matrices that are trained; prune");
        }
    }

    @Test
    void aResumedRunEndsTheSame() {
        TrainingArguments arguments =
                arguments().keepZeros(true).saveStrategy(SaveStrategy.STEPS).saveSteps(3);
        Map<String, float[]> whole;
        try (CausalLM model = pruned()) {
            trainer(model, arguments).train();
            whole = TinyModels.weights(model);
        }
        try (CausalLM model = AutoModelForCausalLM.fromPretrained(folder.resolve("pruned"))) {
            trainer(
                            model,
                            arguments.resumeFromCheckpoint(
                                    folder.resolve("out/checkpoint-3").toString()))
                    .train();
            TinyModels.weights(model)
                    .forEach((name, values) -> assertThat(values).as(name).isEqualTo(whole.get(name)));
        }
    }
}
