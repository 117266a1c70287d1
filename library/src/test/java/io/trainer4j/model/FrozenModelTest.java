package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.RowBlocks;
import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.StoredMatrix;
import io.trainer4j.tensor.TensorData;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Models whose matrices are kept in fewer bits compute what the same numbers in 32 bits give, forward and backward. */
class FrozenModelTest {
    private static final LoadOptions BFLOAT16 = new LoadOptions().dtype(LoadOptions.Dtype.BFLOAT16);
    private static final LoadOptions INT8 = new LoadOptions().loadIn8bit(true);
    private static final LoadOptions NF4 = new LoadOptions().loadIn4bit(true).bnb4bitUseDoubleQuant(true);
    private static final int[][] IDS = {{5, 9, 33, 60, 7, 12}, {8, 3, 3, 50, 1, 2}};

    @TempDir
    Path folder;

    /** Every family and head, wide enough for blocks of 64 values. */
    @ParameterizedTest
    @MethodSource("io.trainer4j.model.GoldenModel#all")
    void everyFamilyComputesWithTheNumbersItKeeps(GoldenModel golden) {
        saveWide(golden);
        for (LoadOptions options : List.of(BFLOAT16, INT8, NF4)) {
            try (Scope scope = Scope.open();
                    PretrainedModel frozen = open(golden.task(), options);
                    PretrainedModel dense = open(golden.task(), new LoadOptions())) {
                assertThat(frozen.isFrozen()).isTrue();
                assertThat(frozen.parameters().bytes())
                        .isLessThan(dense.parameters().bytes());
                assertThat(frozen.parameters().count())
                        .isEqualTo(dense.parameters().count());
                decode(frozen, dense);
                assertClose(run(frozen), run(dense));
            }
        }
    }

    private void saveWide(GoldenModel golden) {
        ObjectNode json = (ObjectNode) golden.config().json();
        Map.of("hidden_size", 64, "intermediate_size", 128, "n_embd", 64, "dim", 64, "hidden_dim", 128)
                .forEach((key, value) -> {
                    if (json.has(key)) {
                        json.put(key, value.intValue());
                    }
                });
        List.of("attention_dropout", "attention_probs_dropout_prob", "hidden_dropout_prob", "dropout", "resid_pdrop")
                .forEach(json::remove);
        json.put("initializer_range", 0.2);
        RandomState.manualSeed(11);
        ModelConfig config = ModelConfig.of(json);
        try (PretrainedModel model = switch (golden.task()) {
            case CAUSAL_LM -> AutoModelForCausalLM.fromConfig(config);
            case MASKED_LM -> AutoModelForMaskedLM.fromConfig(config);
            case SEQUENCE_CLASSIFICATION -> AutoModelForSequenceClassification.fromConfig(config);
        }) {
            model.savePretrained(folder);
        }
    }

    private PretrainedModel open(Task task, LoadOptions options) {
        return switch (task) {
            case CAUSAL_LM -> AutoModelForCausalLM.fromPretrained(folder, options);
            case MASKED_LM -> AutoModelForMaskedLM.fromPretrained(folder, options);
            case SEQUENCE_CLASSIFICATION -> AutoModelForSequenceClassification.fromPretrained(folder, options);
        };
    }

    /** Puts what one model keeps in fewer bits into the other. */
    private static void decode(PretrainedModel frozen, PretrainedModel dense) {
        try (NoGradGuard noGrad = new NoGradGuard();
                RowBlocks blocks = new RowBlocks()) {
            for (Map.Entry<String, StoredMatrix> entry :
                    frozen.parameters().frozen().entrySet()) {
                Tensor target = dense.parameters().get(entry.getKey()).set_requires_grad(false);
                StoredMatrix matrix = entry.getValue();
                boolean same =
                        target.size(0) == matrix.rows() && !entry.getKey().contains(".c_");
                blocks.forEach(
                        matrix,
                        (from, rows) -> (same ? target : target.t())
                                .narrow(0, from, rows.size(0))
                                .copy_(rows));
            }
        }
    }

    /** Logits, and the gradients of norms and biases. */
    private static Map<String, float[]> run(PretrainedModel model) {
        Map<String, float[]> results = new LinkedHashMap<>();
        RandomState.manualSeed(1);
        try (Scope scope = Scope.open();
                Pass pass = Pass.recorded(Checkpointing.NONE)) {
            model.parameters().asMap().values().forEach(p -> p.set_requires_grad(p.dim() == 1));
            Tensor logits =
                    model.logits(new ModelInput(IDS, new int[][] {{1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 0, 0}}, null), pass);
            results.put("logits", TensorData.toFloats(logits));
            logits.pow(new Scalar(2.0)).mean().backward();
            pass.backward();
            model.parameters().trainable().forEach((name, parameter) -> {
                if (parameter.grad().defined()) {
                    results.put(name, TensorData.toFloats(parameter.grad()));
                    parameter.mutable_grad().reset();
                }
            });
        }
        return results;
    }

    private static void assertClose(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> {
            float largest = 1e-3f;
            for (float value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
            for (int i = 0; i < values.length; i++) {
                assertThat(actual.get(name)[i]).as(name).isCloseTo(values[i], within(5e-4f * largest));
            }
        });
    }

    @Test
    void matricesAreFrozenAndANewHeadIsTrained() {
        saveWide(GoldenModel.of("qwen2"));
        try (SequenceClassifier model =
                AutoModelForSequenceClassification.fromPretrained(folder, List.of("a", "b"), INT8)) {
            assertThat(model.parameters().trainable().keySet()).containsExactly("score.weight");
        }
        try (CausalLM model = AutoModelForCausalLM.fromPretrained(folder, INT8)) {
            assertThat(model.parameters().trainable()).isEmpty();
            assertThat(model.trainedOutputEmbedding()).isEmpty();
        }
    }

    @Test
    void generatesFromEveryForm() {
        saveWide(GoldenModel.of("qwen2"));
        GenerationConfig greedy = GenerationConfig.greedy(Set.of()).withMaxNewTokens(5);
        for (LoadOptions options : List.of(BFLOAT16, INT8, NF4)) {
            try (CausalLM model = AutoModelForCausalLM.fromPretrained(folder, options)) {
                assertThat(model.generate(IDS[0], greedy)).hasSize(5);
            }
        }
    }

    @Test
    void bfloat16IsSavedAsItIs() {
        saveWide(GoldenModel.of("gpt2"));
        Path again = folder.resolve("again");
        try (CausalLM model = AutoModelForCausalLM.fromPretrained(folder, BFLOAT16)) {
            model.savePretrained(again);
        }
        try (Scope scope = Scope.open();
                SafetensorsFile original = SafetensorsFile.open(folder.resolve(WeightFiles.SINGLE));
                SafetensorsFile saved = SafetensorsFile.open(again.resolve(WeightFiles.SINGLE))) {
            assertThat(saved.names()).isEqualTo(original.names());
            for (String name : saved.names()) {
                assertThat(saved.type(name)).isEqualTo(ScalarType.BFloat16);
                assertThat(saved.load(name).equal(original.load(name, ScalarType.BFloat16)))
                        .isTrue();
            }
        }
        try (CausalLM model =
                AutoModelForCausalLM.fromPretrained(again, new LoadOptions().dtype(LoadOptions.Dtype.AUTO))) {
            assertThat(model.isFrozen()).isTrue();
        }
    }

    @Test
    void fewerBitsAreNotSaved() {
        saveWide(GoldenModel.of("qwen2"));
        try (CausalLM model = AutoModelForCausalLM.fromPretrained(folder, NF4)) {
            assertThatThrownBy(() -> model.savePretrained(folder.resolve("again")))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("save the adapter alone");
        }
    }

    @Test
    void autoKeepsAFloat32ModelTrainable() {
        saveWide(GoldenModel.of("qwen2"));
        try (CausalLM model =
                AutoModelForCausalLM.fromPretrained(folder, new LoadOptions().dtype(LoadOptions.Dtype.AUTO))) {
            assertThat(model.isFrozen()).isFalse();
            assertThat(model.trainedOutputEmbedding()).isPresent();
        }
    }

    static Stream<LoadOptions> contradictions() {
        return Stream.of(
                INT8.loadIn4bit(true),
                INT8.dtype(LoadOptions.Dtype.BFLOAT16),
                NF4.dtype(LoadOptions.Dtype.FLOAT16),
                new LoadOptions().bnb4bitUseDoubleQuant(true));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void optionsThatContradictEachOtherAreRefused(LoadOptions options) {
        saveWide(GoldenModel.of("qwen2"));
        assertThatThrownBy(() -> AutoModelForCausalLM.fromPretrained(folder, options))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("load_in_");
    }

    @Test
    void optionsHaveTheNamesOfHuggingFace() {
        assertThat(new LoadOptions().toMap().keySet())
                .containsExactly(
                        "dtype", "load_in_8bit", "load_in_4bit", "bnb_4bit_use_double_quant", "bnb_4bit_quant_type");
    }

    /** Without a copy of the whole: 20 MiB of scores matrix in 32 bits, in blocks of 8 MiB. */
    @Test
    void theOutputEmbeddingIsNeverDecodedAsAWhole() {
        ObjectNode json = (ObjectNode) GoldenModel.of("qwen2").config().json();
        json.put("hidden_size", 64).put("vocab_size", 80_000);
        try (CausalLM model = AutoModelForCausalLM.fromConfig(ModelConfig.of(json))) {
            model.savePretrained(folder);
        }
        try (Scope scope = Scope.open();
                CausalLM model = AutoModelForCausalLM.fromPretrained(folder, INT8);
                CausalLM dense = AutoModelForCausalLM.fromPretrained(folder)) {
            Tensor hidden = torch.randn(2, 64);
            Tensor scores = model.scores(hidden);
            assertThat(scores.shape()).containsExactly(2, 80_000);
            assertThat(scores.sub(dense.scores(hidden)).abs().max().item_double())
                    .isLessThan(0.01);
            assertThat(model.scoresBackward(scores).shape()).containsExactly(2, 64);
            assertThat(model.parameters().decodeBufferBytes()).isEqualTo(8 << 20);
        }
    }
}
