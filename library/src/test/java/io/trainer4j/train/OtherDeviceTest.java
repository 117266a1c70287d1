package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.LoadOptions;
import io.trainer4j.model.LoraConfig;
import io.trainer4j.model.PeftModel;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a step needs lies where the model does. The device is {@code meta}, which has shapes and no values; what a GPU
 * computes is compared by {@code bench/gpu-check}.
 */
class OtherDeviceTest {
    private static final Device META = new Device(DeviceType.Meta);

    @TempDir
    Path folder;

    private static void assertMoved(PretrainedModel model) {
        assertThat(model.device()).isEqualTo(META);
        model.parameters()
                .trainable()
                .forEach(
                        (name, tensor) -> assertThat(Device.of(tensor)).as(name).isEqualTo(META));
        model.parameters()
                .asMap()
                .forEach(
                        (name, tensor) -> assertThat(Device.of(tensor)).as(name).isEqualTo(META));
    }

    @ParameterizedTest
    @MethodSource("io.trainer4j.train.EveryModel#all")
    void everyWeightGoesAlong(EveryModel family) {
        try (PretrainedModel model = family.open();
                Scope scope = Scope.open()) {
            long trained = model.parameters().trainableCount();
            model.to(META);
            assertMoved(model);
            assertThat(model.parameters().trainableCount()).isEqualTo(trained);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void adaptersGoAlong(boolean dora) {
        try (CausalLM model = TinyModels.causalLM(1)) {
            LoraConfig config = new LoraConfig()
                    .r(2)
                    .useDora(dora)
                    .targetModules("q_proj", "down_proj")
                    .modulesToSave(List.of("norm"));
            PeftModel.getPeftModel(model, config);
            model.to(META);
            assertMoved(model);
            PeftModel.of(model).disableAdapter();
            assertMoved(model);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = LoadOptions.Dtype.class,
            names = {"BFLOAT16", "FLOAT16"})
    void frozenWeightsIn16BitsGoAlong(LoadOptions.Dtype dtype) {
        try (CausalLM full = TinyModels.causalLM(1)) {
            full.savePretrained(folder);
        }
        try (CausalLM model = AutoModelForCausalLM.fromPretrained(folder, new LoadOptions().dtype(dtype))) {
            PeftModel.getPeftModel(model, new LoraConfig().r(2).targetModules("q_proj"));
            model.to(META);
            assertMoved(model);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void weightsInFewerBitsStayOnTheCpu(boolean four) {
        try (CausalLM full = TinyModels.causalLM(1, json -> json.put("hidden_size", 64))) {
            full.savePretrained(folder);
        }
        LoadOptions options = new LoadOptions().loadIn4bit(four).loadIn8bit(!four);
        try (CausalLM model = AutoModelForCausalLM.fromPretrained(folder, options)) {
            assertThatThrownBy(() -> model.to(META))
                    .isInstanceOf(UsageException.class)
                    .hasMessageStartingWith("The weights are kept in fewer than 16 bits, such as ")
                    .hasMessageEndingWith(
                            "which are computed on the CPU only; set use_cpu, or load them with dtype bfloat16.");
            assertThat(model.device()).isEqualTo(Device.CPU);
            model.to(Device.CPU);
        }
    }

    @ParameterizedTest
    @EnumSource(OptimizerNames.class)
    void optimizersKeepTheirStateBesideTheWeights(OptimizerNames name) {
        try (CausalLM model = TinyModels.causalLM(1, json -> json.put("hidden_size", 64));
                Scope scope = Scope.open()) {
            model.to(META);
            TrainingArguments arguments =
                    TrainingArguments.of(folder.toString()).optim(name);
            try (Optimizer optimizer = Optimizer.of(model.parameters(), arguments)) {
                List<String> elsewhere = new ArrayList<>();
                for (Map.Entry<String, Tensor> state : optimizer.state().entrySet()) {
                    if (!Device.of(state.getValue()).equals(META)
                            && state.getValue().dim() > 0) {
                        elsewhere.add(state.getKey());
                    }
                }
                assertThat(elsewhere).isEmpty();
            }
        }
    }

    @Test
    void theStepCountOfTheFusedKernelLiesBesideTheWeights() {
        try (CausalLM model = TinyModels.causalLM(1);
                Scope scope = Scope.open()) {
            model.to(META);
            try (Optimizer optimizer = Optimizer.of(model.parameters(), TrainingArguments.of(folder.toString()))) {
                assertThat(Device.of(optimizer.state().get("model.norm.weight.step")))
                        .isEqualTo(META);
            }
        }
    }

    @Test
    void aTrainerTakesTheModelToItsDevice() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            model.to(Device.CPU);
            TrainingArguments arguments =
                    TrainingArguments.of(folder.toString()).useCpu(true);
            Trainer.Builder builder = Trainer.builder(model, arguments).trainDataset(TinyRun.TRAIN);
            RunPlan plan = builder.build().plan();
            assertThat(model.device()).isEqualTo(Device.CPU);
            assertThat(plan.items()).contains(new RunPlan.Item("device", "cpu", "use_cpu"));
        }
    }
}
