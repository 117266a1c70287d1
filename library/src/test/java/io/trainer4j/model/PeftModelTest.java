package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters side by side, mixed, and refused. */
class PeftModelTest {
    private static final LoraConfig QUERIES = new LoraConfig().r(2).targetModules("q_proj");

    @TempDir
    Path folder;

    private static PeftModel two(PretrainedModel model) {
        RandomState.manualSeed(1);
        PeftModel peft = PeftModel.getPeftModel(model, QUERIES.initLoraWeights("false"));
        peft.addAdapter("b", QUERIES.initLoraWeights("false").loraAlpha(3).targetModules("q_proj", "v_proj"));
        return peft;
    }

    private static double[] difference(PretrainedModel model, GoldenModel golden, float[] base) {
        float[] logits = AdapterContractTest.logits(model, golden);
        double[] difference = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            difference[i] = logits[i] - base[i];
        }
        return difference;
    }

    @Test
    void aMixtureOfOneIsThatAdapterAndOfOppositesNothing() {
        GoldenModel golden = GoldenModel.of("qwen2");
        try (PretrainedModel model = golden.open()) {
            float[] base = AdapterContractTest.logits(model, golden);
            PeftModel peft = two(model);
            peft.setAdapter("b");
            double[] ofB = difference(model, golden, base);
            for (PeftModel.Combination combination : PeftModel.Combination.values()) {
                peft.addWeightedAdapter(List.of("b"), List.of(1.0), "same " + combination, combination);
                peft.setAdapter("same " + combination);
                assertThat(difference(model, golden, base))
                        .containsExactly(ofB, org.assertj.core.api.Assertions.within(1e-5));
            }
            peft.addWeightedAdapter(List.of("b", "b"), List.of(0.7, -0.7), "nothing", PeftModel.Combination.CAT);
            peft.setAdapter("nothing");
            assertThat(difference(model, golden, base))
                    .containsOnly(new double[] {0.0}, org.assertj.core.api.Assertions.within(1e-5));
        }
    }

    @Test
    void aCatMixtureIsSavedAndOpenedWithItsRanks() {
        GoldenModel golden = GoldenModel.of("qwen2");
        try (PretrainedModel model = golden.open()) {
            PeftModel peft = two(model);
            peft.addWeightedAdapter(List.of("default", "b"), List.of(0.5, 2.0), "mixed", PeftModel.Combination.CAT);
            peft.setAdapter("mixed");
            float[] mixed = AdapterContractTest.logits(model, golden);
            peft.savePretrained(folder);
            peft.loadAdapter(folder.resolve("mixed"), "opened");
            peft.setAdapter("opened");
            AdapterGoldenTest.assertClose(AdapterContractTest.logits(model, golden), mixed, 1e-5);
            assertThat(folder.resolve("adapter_config.json")).exists();
            assertThat(folder.resolve("b/adapter_model.safetensors")).exists();
        }
    }

    @Test
    void onlyPlainAdaptersOfOneRankAreMixed() {
        try (PretrainedModel model = GoldenModel.of("qwen2").open()) {
            PeftModel peft = PeftModel.getPeftModel(model, QUERIES);
            peft.addAdapter("dora", QUERIES.useDora(true));
            peft.addAdapter("wide", QUERIES.r(3));
            peft.addAdapter("whole", QUERIES.modulesToSave(List.of("norm")));
            assertRefused(peft, "dora", "use_dora");
            assertRefused(peft, "wide", "combination cat");
            assertRefused(peft, "whole", "modules_to_save");
            assertRefused(peft, "absent", "There is no adapter absent");
            assertThatThrownBy(() ->
                            peft.addWeightedAdapter(List.of("default"), List.of(), "x", PeftModel.Combination.CAT))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("one weight for each adapter");
        }
    }

    private static void assertRefused(PeftModel peft, String other, String reason) {
        assertThatThrownBy(() -> peft.addWeightedAdapter(
                        List.of("default", other), List.of(1.0, 1.0), "x", PeftModel.Combination.LINEAR))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void whatFitsNoModuleIsRefused() {
        try (PretrainedModel model = GoldenModel.of("qwen2").open()) {
            assertThatThrownBy(() -> PeftModel.getPeftModel(model, QUERIES.targetModules("c_attn")))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("[c_attn]")
                    .hasMessageContaining("self_attn.q_proj");
            assertThat(model.parameters().trainable()).isNotEmpty();
            PeftModel peft = PeftModel.getPeftModel(model, QUERIES);
            assertThatThrownBy(() -> peft.addAdapter("default", QUERIES)).hasMessageContaining("already");
            assertThatThrownBy(() -> peft.setAdapter("other")).hasMessageContaining("[default]");
        }
    }

    @Test
    void anAdapterOfAnotherModelIsRefusedByName() {
        try (PretrainedModel qwen = GoldenModel.of("qwen2").open();
                PretrainedModel llama = GoldenModel.of("llama").open()) {
            PeftModel.getPeftModel(qwen, QUERIES.r(3)).savePretrained(folder);
            Path weights = folder.resolve("adapter_model.safetensors");
            assertThatThrownBy(() -> PeftModel.fromPretrained(
                            llama, GoldenAdapter.of("bert-mlm").folder()))
                    .isInstanceOf(UsageException.class);
            Files.writeString(
                    folder.resolve("adapter_config.json"),
                    Files.readString(folder.resolve("adapter_config.json")).replaceAll("\"r\" : 3", "\"r\" : 2"));
            assertThatThrownBy(() -> PeftModel.fromPretrained(llama, folder))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("q_proj.lora_A.weight has shape [3, 16] instead of [2, 16]");
            assertThat(PeftModel.of(llama).peftConfig()).isEmpty();
            Files.delete(weights);
            assertThatThrownBy(() -> PeftModel.fromPretrained(llama, folder))
                    .hasMessageContaining("holds no adapter_model.safetensors");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsNotComputedIsRefusedByKey() throws IOException {
        Path config = folder.resolve("adapter_config.json");
        Map<String, String> entries = Map.of("use_qalora", "true", "peft_type", "\"IA3\"", "bias", "\"some\"");
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            Files.writeString(config, "{\"" + entry.getKey() + "\": " + entry.getValue() + "}");
            assertThatThrownBy(() -> AdapterConfig.read(folder))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining(entry.getKey());
        }
    }

    @Test
    void aMergedEmbeddingLeavesTheTiedHeadAsItWas() {
        for (String name : List.of("qwen2-embedding", "qwen2-whole-embedding")) {
            GoldenAdapter golden = GoldenAdapter.of(name);
            try (PretrainedModel model = golden.base().open()) {
                PeftModel.fromPretrained(model, golden.folder()).mergeAndUnload();
                model.savePretrained(folder);
            }
            try (PretrainedModel opened = AutoModelForCausalLM.fromPretrained(folder)) {
                AdapterGoldenTest.assertClose(AdapterGoldenTest.logits(opened, golden), golden.logits("logits"), 1e-4);
            }
        }
    }

    @Test
    void aMergeThatChangesScoresIsRefusedWithTheDifference() {
        try (PretrainedModel model = GoldenModel.of("qwen2").open()) {
            assertThatThrownBy(() -> new MergeCheck(model).run(() -> AdapterContractTest.disturb(model), 1e-5))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("differ from the adapter's by ")
                    .hasMessageContaining("nothing is saved");
        }
    }

    @Test
    void theRefusalNamesTheLargestScoreAlsoBelowOne() {
        try (CausalLM model = TinyModels.causalLM(1);
                Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            model.parameters().get("model.norm.weight").fill_(new Scalar(0.0));
            Runnable change = () -> model.parameters().get("model.norm.weight").fill_(new Scalar(1e-4));
            assertThatThrownBy(() -> new MergeCheck(model).run(change, 1e-9))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("scores go up to 0.00");
        }
    }

    @Test
    void anAdaptersFolderBringsItsModelAndTheClassesOfItsHead() {
        GoldenAdapter golden = GoldenAdapter.of("roberta-single");
        try (SequenceClassifier model = AutoModelForSequenceClassification.fromPretrained(golden.folder())) {
            assertThat(model.config().numLabels()).isEqualTo(3);
            AdapterGoldenTest.assertClose(AdapterGoldenTest.logits(model, golden), golden.logits("logits"), 1e-4);
        }
    }

    @Test
    void aHeadThatIsNewIsTrainedAndSavedWithTheAdapter() {
        GoldenModel golden = GoldenModel.of("distilbert-mlm");
        List<String> labels = List.of("no", "yes", "maybe");
        float[] before;
        try (SequenceClassifier model = AutoModelForSequenceClassification.fromPretrained(golden.folder(), labels)) {
            PeftModel.getPeftModel(model, QUERIES.targetModules("q_lin"));
            AdapterContractTest.disturb(model);
            assertThat(model.parameters().trainable())
                    .containsKeys("pre_classifier.weight", "classifier.weight", "classifier.bias");
            before = AdapterContractTest.logits(model, golden);
            model.savePretrained(folder);
        }
        try (SequenceClassifier model = AutoModelForSequenceClassification.fromPretrained(folder)) {
            assertThat(model.config().labels()).isEqualTo(labels);
            assertThat(AdapterContractTest.logits(model, golden)).isEqualTo(before);
        }
    }

    @Test
    void adaptersAreTrainedBesideWeightsInFewerBits() {
        for (LoadOptions form : List.of(
                new LoadOptions().loadIn8bit(true),
                new LoadOptions().loadIn4bit(true),
                new LoadOptions().dtype(LoadOptions.Dtype.BFLOAT16))) {
            for (LoraConfig config : List.of(
                    AdapterContractTest.ALL,
                    AdapterContractTest.ALL.useDora(true),
                    QUERIES.targetModules("q_proj", "embed_tokens").modulesToSave(List.of("down_proj")))) {
                GoldenModel golden = GoldenModel.of("qwen2");
                try (CausalLM model = AutoModelForCausalLM.fromPretrained(golden.folder(), form)) {
                    float[] base = AdapterContractTest.logits(model, golden);
                    PeftModel peft = PeftModel.getPeftModel(model, config);
                    AdapterGoldenTest.assertClose(AdapterContractTest.logits(model, golden), base, 2e-2);
                    AdapterContractTest.disturb(model);
                    Map<String, float[]> gradients = AdapterContractTest.gradients(model, golden, Checkpointing.NONE);
                    assertThat(gradients.values())
                            .allSatisfy(values -> assertThat(values)
                                    .doesNotContain(Float.NaN)
                                    .isNotEqualTo(new float[values.length]));
                    assertThatThrownBy(peft::mergeAndUnload)
                            .isInstanceOf(UsageException.class)
                            .hasMessageContaining("open it in float32");
                    peft.unload();
                    assertThat(model.parameters().trainable()).isEmpty();
                }
            }
        }
    }

    @Test
    void theOutputMatrixGetsNoAdapter() {
        try (PretrainedModel model = GoldenModel.of("llama").open()) {
            assertThatThrownBy(() -> PeftModel.getPeftModel(model, QUERIES.targetModules("lm_head")))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("modules_to_save");
        }
    }

    @Test
    void patternsThatAreNoneAreRefused() {
        try (PretrainedModel model = GoldenModel.of("qwen2").open()) {
            for (LoraConfig config : List.of(
                    QUERIES.targetModules("(q_proj"),
                    QUERIES.rankPattern(Map.of("q_proj", 0)),
                    QUERIES.initLoraWeights("eva"),
                    QUERIES.targetModules(".*q_proj").layersToTransform(List.of(1)),
                    QUERIES.layersPattern(List.of("layers")))) {
                assertThatThrownBy(() -> PeftModel.getPeftModel(model, config)).isInstanceOf(UsageException.class);
            }
        }
    }
}
