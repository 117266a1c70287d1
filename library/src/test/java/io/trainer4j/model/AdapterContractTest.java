package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is true of an adapter on any family and head. */
class AdapterContractTest {
    static final LoraConfig ALL = new LoraConfig().r(2).loraAlpha(4).targetModules("all-linear");

    @TempDir
    Path folder;

    static Stream<GoldenModel> all() {
        return GoldenModel.all();
    }

    /** Moves every weight of the active adapter off its start. */
    static void disturb(PretrainedModel model) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            model.parameters()
                    .trainable()
                    .values()
                    .forEach(tensor ->
                            tensor.add_(TensorData.zeros(tensor.shape()).normal_(0, 0.05, new GeneratorOptional())));
        }
    }

    static float[] logits(PretrainedModel model, GoldenModel golden) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            return TensorData.toFloats(model.logits(golden.expected().input(), Mode.EVAL));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void changesNothingAtFirst(GoldenModel golden) {
        for (LoraConfig config : List.of(ALL, ALL.useDora(true), ALL.initLoraWeights("pissa"))) {
            try (PretrainedModel model = golden.open()) {
                float[] before = logits(model, golden);
                PeftModel.getPeftModel(model, config);
                AdapterGoldenTest.assertClose(logits(model, golden), before, 2e-5);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void isTrainedAloneAndGivesTheGradientsOfAutograd(GoldenModel golden) {
        for (LoraConfig config : List.of(ALL, ALL.useDora(true))) {
            try (PretrainedModel model = golden.open()) {
                RandomState.manualSeed(3);
                PeftModel.getPeftModel(model, config);
                disturb(model);
                Map<String, float[]> plain = gradients(model, golden, null);
                assertThat(plain.keySet()).allMatch(name -> name.contains("lora_") || isHead(name));
                assertSame(gradients(model, golden, Checkpointing.NONE), plain);
                assertSame(gradients(model, golden, Checkpointing.ALL), plain);
            }
        }
    }

    private static boolean isHead(String name) {
        return name.startsWith("classifier.") || name.startsWith("score.") || name.startsWith("pre_classifier.");
    }

    static Map<String, float[]> gradients(PretrainedModel model, GoldenModel golden, Checkpointing recorded) {
        Map<String, float[]> gradients = new HashMap<>();
        try (Scope scope = Scope.open();
                Pass pass = recorded == null ? Pass.of(Mode.TRAIN) : Pass.recorded(recorded)) {
            Tensor logits = model.logits(golden.expected().input(), pass);
            logits.square().mean().backward();
            pass.backward();
            model.parameters().trainable().forEach((name, tensor) -> {
                gradients.put(name, TensorData.toFloats(tensor.grad()));
                tensor.mutable_grad().reset();
            });
            model.parameters()
                    .asMap()
                    .forEach((name, tensor) ->
                            assertThat(tensor.grad().defined()).as(name).isFalse());
        }
        return gradients;
    }

    private static void assertSame(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> {
            float largest = 1e-3f;
            for (float value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
            AdapterGoldenTest.assertClose(actual.get(name), values, 1e-4 * largest);
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void isSavedOpenedSwitchedAndMerged(GoldenModel golden) {
        try (PretrainedModel model = golden.open()) {
            float[] base = logits(model, golden);
            RandomState.manualSeed(3);
            PeftModel peft = PeftModel.getPeftModel(model, ALL.bias(LoraConfig.Bias.ALL));
            disturb(model);
            float[] changed = logits(model, golden);
            assertThat(changed).isNotEqualTo(base);
            model.savePretrained(folder);

            peft.loadAdapter(folder, "again");
            peft.setAdapter("again");
            assertThat(logits(model, golden)).isEqualTo(changed);
            peft.disableAdapter();
            assertThat(logits(model, golden)).isEqualTo(base);
            peft.enableAdapter();
            peft.deleteAdapter("default");
            assertThat(logits(model, golden)).isEqualTo(changed);

            assertThat(peft.mergeAndUnload(1e-5)).isLessThan(1e-4);
            assertThat(peft.peftConfig()).isEmpty();
            assertThat(model.parameters().trainable())
                    .hasSameSizeAs(model.parameters().asMap());
        }
        try (PretrainedModel opened = golden.open(folder)) {
            assertThat(PeftModel.of(opened).activeAdapter()).isEqualTo("default");
        }
    }
}
