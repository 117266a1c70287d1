package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which modules an adapter is put on, as PEFT chooses them. */
class LoraTargetsTest {
    private static final List<LoraTargets.Module> MODULES = LoraTargets.Module.of(List.of(
            ParameterSpec.weight("model.embed_tokens.weight", 20, 4).as(ParameterSpec.Role.EMBEDDING),
            ParameterSpec.weight("model.layers.0.self_attn.q_proj.weight", 6, 4).as(ParameterSpec.Role.LINEAR),
            ParameterSpec.bias("model.layers.0.self_attn.q_proj.bias", 6),
            ParameterSpec.weight("model.layers.0.mlp.up_proj.weight", 8, 4).as(ParameterSpec.Role.LINEAR),
            ParameterSpec.weight("model.layers.1.self_attn.q_proj.weight", 6, 4).as(ParameterSpec.Role.LINEAR),
            ParameterSpec.weight("model.layers.1.mlp.up_proj.weight", 4, 8).as(ParameterSpec.Role.CONV1D),
            ParameterSpec.weight("lm_head.weight", 20, 4).as(ParameterSpec.Role.EMBEDDING)));

    private static List<String> names(LoraConfig config) {
        return new LoraTargets(config, MODULES)
                .targeted().stream()
                        .map(module -> module.name().replace("model.layers.", ""))
                        .toList();
    }

    private static LoraConfig config(String... targets) {
        return new LoraConfig().targetModules(targets);
    }

    @Test
    void namesAreEndsOfNames() {
        assertThat(names(config("q_proj"))).containsExactly("0.self_attn.q_proj", "1.self_attn.q_proj");
        assertThat(names(config("proj"))).isEmpty();
        assertThat(names(config("0.mlp.up_proj", "embed_tokens")))
                .containsExactly("model.embed_tokens", "0.mlp.up_proj");
    }

    @Test
    void oneRegularExpressionIsForTheWholeName() {
        assertThat(names(config(".*\\.1\\..*(q|up)_proj"))).containsExactly("1.self_attn.q_proj", "1.mlp.up_proj");
        assertThat(names(config("(q|up)_proj"))).isEmpty();
    }

    @Test
    void allLinearLeavesTheOutputAndWhatIsTrainedWholeOut() {
        assertThat(names(config("all-linear"))).hasSize(4).doesNotContain("lm_head", "model.embed_tokens");
        assertThat(names(config("all-linear").modulesToSave(List.of("up_proj"))))
                .hasSize(2);
        assertThat(names(config("all-linear").excludeModules(List.of("q_proj"))))
                .hasSize(2);
    }

    @Test
    void layersAreChosenByNumber() {
        assertThat(names(config("q_proj", "up_proj").layersToTransform(List.of(1))))
                .containsExactly("1.self_attn.q_proj", "1.mlp.up_proj");
        assertThat(names(config("q_proj", "lm_head")
                        .layersToTransform(List.of(0))
                        .layersPattern(List.of("layers"))))
                .containsExactly("0.self_attn.q_proj", "lm_head");
        assertThat(names(config("q_proj", "up_proj")
                        .layersToTransform(List.of(0))
                        .layersPattern(List.of("blocks"))))
                .isEmpty();
    }

    @Test
    void ranksAndAlphasFollowThePatterns() {
        LoraTargets targets = new LoraTargets(
                config("all-linear")
                        .r(4)
                        .loraAlpha(8)
                        .useRslora(true)
                        .rankPattern(Map.of("layers.1.self_attn.q_proj", 16))
                        .alphaPattern(Map.of(".*up_proj", 3)),
                MODULES);
        assertThat(targets.rank(MODULES.get(1))).isEqualTo(4);
        assertThat(targets.rank(MODULES.get(3))).isEqualTo(16);
        assertThat(targets.scaling(MODULES.get(3))).isEqualTo(2);
        assertThat(targets.scaling(MODULES.get(4))).isEqualTo(1.5);
    }

    @Test
    void sizesAreThoseOfTheMap() {
        assertThat(MODULES.get(4).out()).isEqualTo(8);
        assertThat(MODULES.get(4).in()).isEqualTo(4);
        assertThat(MODULES.get(0).in()).isEqualTo(20);
    }

    @Test
    void familiesHaveTheDefaultsOfPeft() {
        assertThat(LoraTargets.defaults(GoldenModel.of("gpt2").config())).containsExactly("c_attn");
        assertThat(LoraTargets.defaults(GoldenModel.of("gemma3").config())).containsExactly("q_proj", "v_proj");
        ModelConfig distilbert = GoldenModel.of("distilbert-mlm").config();
        assertThatThrownBy(() -> LoraTargets.defaults(distilbert))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("q_lin");
    }
}
