package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.tensor.SafetensorsFile;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every covered model against logits, loss, gradient norm and greedy tokens computed by transformers. */
class GoldenModelsTest {
    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "llama3", "bert-cls", "qwen2-cls"})
    void agreesWithTransformers(String name) {
        Path folder = Goldens.folder(name);
        try (Scope scope = Scope.open();
                PretrainedModel model = open(folder);
                SafetensorsFile expected = Goldens.expected(name)) {
            ModelInput input = Goldens.input(expected);
            Tensor logits = model.logits(input, Mode.TRAIN);
            assertClose(logits, expected.load("logits"), input);
            Tensor loss = loss(model, input, logits);
            assertThat(loss.item_double()).isCloseTo(expected.load("loss").item_double(), within(1e-5));
            loss.backward();
            double norm = Math.sqrt(model.parameters().asMap().values().stream()
                    .filter(p -> p.grad().defined())
                    .mapToDouble(p -> Math.pow(p.grad().norm().item_double(), 2))
                    .sum());
            double wanted = expected.load("grad_norm").item_double();
            assertThat(norm).isCloseTo(wanted, within(1e-4 * wanted));
            model.parameters().asMap().values().forEach(p -> p.mutable_grad().reset());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "llama3"})
    void generatesTheSameGreedyTokens(String name) {
        Path folder = Goldens.folder(name);
        try (Scope scope = Scope.open();
                CausalLM model = AutoModelForCausalLM.fromPretrained(folder);
                SafetensorsFile expected = Goldens.expected(name)) {
            int[] tokens = Goldens.ints(expected.load("greedy"));
            int[] generated = model.generate(
                    Arrays.copyOf(tokens, 8), GenerationConfig.greedy(Set.of()).withMaxNewTokens(12));
            assertThat(generated).containsExactly(Arrays.copyOfRange(tokens, 8, 20));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "llama3", "bert-cls", "qwen2-cls"})
    void savedFolderGivesTheSameLogits(String name, @TempDir Path saved) {
        Path folder = Goldens.folder(name);
        try (Scope scope = Scope.open();
                PretrainedModel model = open(folder);
                SafetensorsFile expected = Goldens.expected(name)) {
            model.savePretrained(saved);
            try (PretrainedModel again = open(saved)) {
                ModelInput input = Goldens.input(expected);
                assertThat(TensorData.toFloats(again.logits(input, Mode.EVAL)))
                        .containsExactly(TensorData.toFloats(model.logits(input, Mode.EVAL)));
            }
        }
    }

    @Test
    void bertTellsSegmentsApart() {
        int[][] ids = {{5, 17, 300, 42, 8, 511, 64}};
        int[][] mask = {{1, 1, 1, 1, 1, 1, 1}};
        try (Scope scope = Scope.open();
                PretrainedModel model = AutoModelForSequenceClassification.fromPretrained(Goldens.folder("bert-cls"))) {
            // Python: model(input_ids=ids, token_type_ids=...).logits, and without token_type_ids
            assertThat(TensorData.toFloats(model.logits(
                            new ModelInput(ids, mask, new int[][] {{0, 0, 0, 1, 1, 1, 1}}), Mode.EVAL)))
                    .containsExactly(new float[] {-0.01176195f, -0.14822435f, 0.16308068f}, within(1e-6f));
            assertThat(TensorData.toFloats(model.logits(new ModelInput(ids, mask, null), Mode.EVAL)))
                    .containsExactly(new float[] {-0.0112027f, -0.1482281f, 0.1632901f}, within(1e-6f));
        }
    }

    private static PretrainedModel open(Path folder) {
        return ModelConfig.read(folder).json().path("architectures").toString().contains("CausalLM")
                ? AutoModelForCausalLM.fromPretrained(folder)
                : AutoModelForSequenceClassification.fromPretrained(folder);
    }

    private static Tensor loss(PretrainedModel model, ModelInput input, Tensor logits) {
        if (model instanceof SequenceClassifier) {
            return torch.cross_entropy(logits, TensorData.longs(2, 0));
        }
        long length = input.length();
        int[][] labels = new int[2][];
        for (int r = 0; r < 2; r++) {
            labels[r] = input.inputIds()[r].clone();
            for (int t = 0; t < length; t++) {
                if (input.attentionMask()[r][t] == 0) {
                    labels[r][t] = -100;
                }
            }
        }
        Tensor shifted = TensorData.ints(labels).narrow(1, 1, length - 1).reshape(-1);
        return torch.cross_entropy(logits.narrow(1, 0, length - 1).reshape(-1, logits.size(2)), shifted);
    }

    /** Compares logits; at padded positions of a decoder there is nothing to agree on. */
    private static void assertClose(Tensor actual, Tensor expected, ModelInput input) {
        float[] a = TensorData.toFloats(actual);
        float[] e = TensorData.toFloats(expected);
        assertThat(a).hasSameSizeAs(e);
        int width = (int) actual.size(-1);
        for (int i = 0; i < a.length; i++) {
            int position = i / width;
            boolean token = actual.dim() == 2
                    || input.attentionMask()[position / input.length()][position % input.length()] == 1;
            if (token) {
                assertThat(a[i]).isCloseTo(e[i], within(1e-4f));
            }
        }
    }
}
