package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.model.CausalLM;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.testing.TinyModels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdamWTest {
    private static final String DECAYED = "model.layers.0.self_attn.o_proj.weight";
    private static final String PLAIN = "model.norm.weight";
    private static final float[] START = {1f, -2f, 0.5f};
    private static final List<float[]> GRADIENTS =
            List.of(new float[] {0.1f, -0.2f, 0}, new float[] {0.3f, 0.1f, -0.5f}, new float[] {-0.1f, 0, 0.25f});

    /** Numbers of torch 2.13 torch.optim.AdamW(lr=0.01, betas=(0.8, 0.99), eps=1e-6), weight decay 0.1 and 0. */
    @Test
    void threeStepsFollowPytorch() {
        try (CausalLM model = TinyModels.causalLM(1);
                AdamW optimizer = new AdamW(model.parameters(), arguments())) {
            fill(model, DECAYED, START);
            fill(model, PLAIN, START);
            for (float[] gradient : GRADIENTS) {
                giveGradient(model, DECAYED, gradient);
                giveGradient(model, PLAIN, gradient);
                optimizer.step(0.01);
            }

            assertStartsWith(weight(model, DECAYED), 0.9732441f, -1.980387f, 0.5082336f);
            assertStartsWith(weight(model, PLAIN), 0.97621167f, -1.9863588f, 0.50973994f);
            assertStartsWith(state(optimizer, DECAYED + ".exp_avg"), 0.0408f, -0.0096f, -0.03f);
            assertStartsWith(state(optimizer, DECAYED + ".exp_avg_sq"), 0.00108901f, 0.00049104f, 0.0031f);
            assertThat(state(optimizer, PLAIN + ".step")).containsExactly(3);
            GradientCopies.take(model);
        }
    }

    @Test
    void parameterWithoutGradientStays() {
        try (CausalLM model = TinyModels.causalLM(1);
                AdamW optimizer = new AdamW(model.parameters(), arguments())) {
            Map<String, float[]> before = TinyModels.weights(model);
            giveGradient(model, PLAIN, GRADIENTS.get(0));
            optimizer.step(0.01); // the group with decay has no gradient at all

            Map<String, float[]> after = TinyModels.weights(model);
            assertThat(after.get(PLAIN)).isNotEqualTo(before.get(PLAIN));
            before.keySet().stream()
                    .filter(name -> !name.equals(PLAIN))
                    .forEach(name -> assertThat(after.get(name)).as(name).isEqualTo(before.get(name)));
            assertThat(state(optimizer, DECAYED + ".step")).containsExactly(0);
            GradientCopies.take(model);
        }
    }

    @Test
    void restoredStateGoesOnAsIfNothingHadHappened() {
        try (CausalLM model = TinyModels.causalLM(1);
                AdamW optimizer = new AdamW(model.parameters(), arguments());
                AdamW restored = new AdamW(model.parameters(), arguments())) {
            giveGradient(model, DECAYED, GRADIENTS.get(0));
            optimizer.step(0.01);
            restored.restore(optimizer.state()::get);
            float[] between = weight(model, DECAYED);
            optimizer.step(0.01);
            float[] expected = weight(model, DECAYED);

            fill(model, DECAYED, between);
            restored.step(0.01);

            assertThat(weight(model, DECAYED)).isEqualTo(expected);
            GradientCopies.take(model);
        }
    }

    @Test
    void stateIsInTheOrderOfTheModelSoThatFilesAreReproducible() {
        try (CausalLM model = TinyModels.causalLM(1);
                AdamW optimizer = new AdamW(model.parameters(), arguments())) {
            assertThat(optimizer.state().keySet())
                    .startsWith(
                            "model.embed_tokens.weight.exp_avg",
                            "model.embed_tokens.weight.exp_avg_sq",
                            "model.embed_tokens.weight.step",
                            "model.layers.0.self_attn.q_proj.weight.exp_avg")
                    .endsWith("model.norm.weight.step");
        }
    }

    /** Names from transformers 5.17, Trainer.get_decay_parameter_names, of a Qwen2 and a BERT classifier. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.embed_tokens.weight",
                "model.layers.0.self_attn.q_proj.weight",
                "model.layers.0.mlp.down_proj.weight",
                "lm_head.weight",
                "score.weight",
                "bert.embeddings.word_embeddings.weight",
                "bert.embeddings.position_embeddings.weight",
                "bert.encoder.layer.0.attention.output.dense.weight",
                "bert.pooler.dense.weight",
                "classifier.weight"
            })
    void decays(String name) {
        assertThat(AdamW.hasDecay(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.layers.0.self_attn.q_proj.bias",
                "model.layers.0.input_layernorm.weight",
                "model.layers.0.post_attention_layernorm.weight",
                "model.layers.0.self_attn.q_norm.weight",
                "model.norm.weight",
                "bert.embeddings.LayerNorm.weight",
                "bert.embeddings.LayerNorm.bias",
                "bert.encoder.layer.0.output.LayerNorm.weight",
                "bert.encoder.layer.0.intermediate.dense.bias",
                "classifier.bias"
            })
    void doesNotDecay(String name) {
        assertThat(AdamW.hasDecay(name)).isFalse();
    }

    private static TrainingArguments arguments() {
        return new TrainingArguments()
                .weightDecay(0.1)
                .adamBeta1(0.8)
                .adamBeta2(0.99)
                .adamEpsilon(1e-6);
    }

    private static void assertStartsWith(float[] values, float... expected) {
        assertThat(Arrays.copyOf(values, expected.length)).containsExactly(expected, within(1e-7f));
    }

    private static float[] weight(CausalLM model, String name) {
        return TensorData.toFloats(model.parameters().get(name));
    }

    private static float[] state(AdamW optimizer, String name) {
        return TensorData.toFloats(optimizer.state().get(name));
    }

    /** Overwrites a weight with {@code values}, followed by zeros. */
    private static void fill(CausalLM model, String name, float[] values) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor weight = model.parameters().get(name);
            weight.copy_(padded(weight, values));
        }
    }

    private static void giveGradient(CausalLM model, String name, float[] values) {
        try (Scope scope = Scope.open()) {
            Tensor weight = model.parameters().get(name);
            weight.mutable_grad().put(padded(weight, values));
        }
    }

    private static Tensor padded(Tensor like, float[] values) {
        return TensorData.floats(Arrays.copyOf(values, (int) like.numel()), like.shape());
    }
}
