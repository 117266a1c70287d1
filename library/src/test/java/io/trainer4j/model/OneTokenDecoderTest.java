package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.TrainerException;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** One token at a time on arrays gives the scores that the whole text gives in libtorch. */
class OneTokenDecoderTest {
    private static final int[] TEXT =
            IntStream.range(0, 140).map(i -> (i * 37 + 5) % 61).toArray();

    @TempDir
    Path folder;

    private static ModelConfig config(String type, String special) {
        ObjectNode json = (ObjectNode) ModelConfig.JSON.readTree("""
                {"model_type": "%s", "vocab_size": 61, "hidden_size": 64, "intermediate_size": 128,
                "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
                "initializer_range": 0.2, "eos_token_id": 2, "pad_token_id": 0 %s}""".formatted(type, special));
        return ModelConfig.of(json);
    }

    private static CausalLM model(String type, String special) {
        RandomState.manualSeed(8);
        CausalLM model = AutoModelForCausalLM.fromConfig(config(type, special));
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            for (Tensor parameter : model.parameters().asMap().values()) {
                if (parameter.dim() == 1) {
                    parameter.add_(torch.randn(parameter.shape()).mul(new Scalar(0.1)));
                }
            }
        }
        return model;
    }

    /** Past the cache's first room for 128 tokens, so that it grows under way. */
    private static void assertSameScores(CausalLM model, double tolerance) {
        OneTokenDecoder oneToken = model.oneToken().orElseThrow();
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard();
                KeyValueCache cache = model.newCache();
                KeyValueCache other = model.newCache()) {
            model.nextLogits(new int[] {TEXT[0], TEXT[1], TEXT[2]}, cache);
            model.nextLogits(new int[] {TEXT[0], TEXT[1], TEXT[2]}, other);
            for (int i = 3; i < TEXT.length; i++) {
                try (Scope step = Scope.open()) {
                    float[] expected = TensorData.toFloats(model.nextLogits(new int[] {TEXT[i]}, other));
                    float[] scores = oneToken.logits(TEXT[i], cache);
                    assertThat(scores).hasSize(61);
                    for (int id = 0; id < scores.length; id++) {
                        assertThat((double) scores[id])
                                .as("token %d, score %d", i, id)
                                .isCloseTo(expected[id], within(tolerance));
                    }
                }
            }
            assertThat(cache.length()).isEqualTo(TEXT.length);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "qwen2 | , \"tie_word_embeddings\": true",
                "qwen2 | , \"num_key_value_heads\": 4",
                "qwen3 | , \"tie_word_embeddings\": true",
                "llama | , \"attention_bias\": true, \"mlp_bias\": true",
                "llama | , \"rope_parameters\": {\"rope_type\": \"yarn\", \"rope_theta\": 10000.0, \"factor\": 4.0,"
                        + " \"original_max_position_embeddings\": 32}, \"max_position_embeddings\": 128",
                "mistral | , \"sliding_window\": 16",
            })
    void everyFamilyOfTheDecoderGivesEqualScores(String type, String special) {
        try (CausalLM model = model(type, special)) {
            assertSameScores(model, 1e-4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 8})
    void weightsInFewerBitsGiveTheScoresOfTheNumbersTheyHold(int bits) {
        try (CausalLM model = model("qwen2", ", \"tie_word_embeddings\": true")) {
            model.savePretrained(folder);
        }
        LoadOptions options =
                bits == 8 ? new LoadOptions().loadIn8bit(true) : new LoadOptions().dtype(LoadOptions.Dtype.BFLOAT16);
        assertLikeDecoded(folder, options, bits == 8 ? 0.08 : 1e-5);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 4})
    void quantizedFoldersGiveTheScoresOfTheNumbersTheyHold(int bits) {
        try (CausalLM model = model("qwen2", ", \"tie_word_embeddings\": true")) {
            model.savePretrained(folder.resolve("plain"));
        }
        new Quantization(bits).run(folder.resolve("plain"), folder.resolve("small"));
        assertLikeDecoded(folder.resolve("small"), new LoadOptions(), 0.08);
    }

    /**
     * The expectation is a model of 32-bit floats with the same numbers, since libtorch's products may round the row.
     *
     * @param tolerance of the scores' root mean square; rows in 8 bits cost half a percent in each product, here up to 5 together
     */
    private static void assertLikeDecoded(Path path, LoadOptions options, double tolerance) {
        try (CausalLM small = AutoModelForCausalLM.fromPretrained(path, options);
                CausalLM dense = AutoModelForCausalLM.fromConfig(small.config());
                Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard();
                KeyValueCache cache = small.newCache();
                KeyValueCache other = dense.newCache()) {
            dense.parameters().asMap().forEach((name, tensor) -> {
                var matrix = small.parameters().frozen().get(name);
                if (matrix == null) {
                    tensor.copy_(small.parameters().get(name));
                } else {
                    matrix.decode(0, tensor);
                }
            });
            small.nextLogits(new int[] {5, 6, 7}, cache);
            dense.nextLogits(new int[] {5, 6, 7}, other);
            OneTokenDecoder oneToken = small.oneToken().orElseThrow();
            for (int i = 3; i < 20; i++) {
                Tensor expected = dense.nextLogits(new int[] {TEXT[i]}, other);
                float[] scores = oneToken.logits(TEXT[i], cache);
                Tensor error = TensorData.floats(scores, scores.length).sub(expected);
                assertThat(error.norm().item_double())
                        .isLessThan(tolerance * expected.norm().item_double());
            }
        }
    }

    @Test
    void familiesAndFormsWithoutItFallBack() {
        try (CausalLM relu = model("llama", ", \"hidden_act\": \"relu\"");
                CausalLM narrow = model("llama", ", \"head_dim\": 8")) {
            assertThat(relu.oneToken()).isEmpty();
            assertThat(narrow.oneToken()).isEmpty();
            narrow.savePretrained(folder);
        }
        try (CausalLM half =
                AutoModelForCausalLM.fromPretrained(folder, new LoadOptions().dtype(LoadOptions.Dtype.FLOAT16))) {
            Optional<OneTokenDecoder> none = half.oneToken();
            assertThat(none).isEmpty();
            assertThat(half.generate(
                            new int[] {5, 6, 7},
                            GenerationConfig.greedy(java.util.Set.of()).withMaxNewTokens(3)))
                    .hasSize(3);
        }
    }

    @Test
    void aTokenOutsideTheVocabularyIsRefused() {
        try (CausalLM model = model("qwen2", "");
                Scope scope = Scope.open();
                KeyValueCache cache = model.newCache()) {
            model.nextLogits(new int[] {5, 6}, cache);
            OneTokenDecoder oneToken = model.oneToken().orElseThrow();
            assertThatThrownBy(() -> oneToken.logits(61, cache))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageContaining("Token id 61 is outside");
            assertThat(cache.length()).isEqualTo(2);
        }
    }
}
