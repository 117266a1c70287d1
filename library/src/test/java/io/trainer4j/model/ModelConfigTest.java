package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ModelConfigTest {
    @Test
    void labelsComeFromTheirNamesThenTheirNumberThenTwo() {
        assertThat(of("{\"id2label\": {\"0\": \"否\", \"1\": \"是\", \"2\": \"?\"}, \"num_labels\": 5}")
                        .labels())
                .containsExactly("否", "是", "?");
        assertThat(of("{\"num_labels\": 3}").labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
        assertThat(of("{}").numLabels()).isEqualTo(2);
    }

    @Test
    void newLabelsReplaceAllTracesOfTheOld() {
        ModelConfig old =
                of("{\"id2label\": {\"0\": \"a\", \"1\": \"b\"}, \"label2id\": {\"a\": 0}, \"num_labels\": 2}");
        JsonNode saved =
                ModelConfig.JSON.readTree(old.withLabels(List.of("x", "y", "z")).toJson("C", "float32"));
        assertThat(saved.path("id2label").toString()).isEqualTo("{\"0\":\"x\",\"1\":\"y\",\"2\":\"z\"}");
        assertThat(saved.path("label2id").toString()).isEqualTo("{\"x\":0,\"y\":1,\"z\":2}");
        assertThat(saved.has("num_labels")).isFalse();
        assertThat(old.labels()).containsExactly("a", "b");
    }

    @Test
    void aClassifierWithoutClassesIsRefused() {
        assertThatThrownBy(() -> of("{}").withLabels(List.of())).isInstanceOf(UsageException.class);
    }

    @Test
    void endTokensAreOneSeveralOrNone() {
        assertThat(of("{\"eos_token_id\": 7}").eosTokenIds()).containsExactly(7);
        assertThat(of("{\"eos_token_id\": [9, 7]}").eosTokenIds()).containsExactly(7, 9);
        assertThat(of("{\"eos_token_id\": null}").eosTokenIds()).isEmpty();
        assertThat(of("{}").eosTokenIds()).isEmpty();
    }

    @Test
    void theGivenObjectStaysTheCallers() {
        ObjectNode json = (ObjectNode) ModelConfig.JSON.readTree("{\"model_type\": \"qwen2\"}");
        ModelConfig config = ModelConfig.of(json);
        json.put("model_type", "bert");
        assertThat(config.modelType()).isEqualTo("qwen2");
    }

    @Test
    void nullsMeanTheDefaults() {
        ModelConfig nulls = of("{\"head_dim\": null, \"dropout\": null, \"bias\": null, \"hidden_act\": null}");
        assertThat(nulls.integer("head_dim", 4)).isEqualTo(4);
        assertThat(nulls.number("dropout", 0.3)).isEqualTo(0.3);
        assertThat(nulls.flag("bias")).isFalse();
        assertThat(Activation.of(nulls, "hidden_act", "gelu")).isEqualTo(Activation.GELU);
    }

    @Test
    void positionsAreThoseATokenCanHave() {
        assertThat(GoldenModel.of("gpt2").config().maxPositions()).isEqualTo(64);
        assertThat(GoldenModel.of("roberta-mlm").config().maxPositions()).isEqualTo(38);
        assertThat(GoldenModel.of("bert-mlm").config().maxPositions()).isEqualTo(40);
        assertThat(GoldenModel.of("llama-yarn").config().maxPositions()).isEqualTo(64);
    }

    @Test
    void theProblemIsNamedOrFollowsFromTheNumberOfLabels() {
        assertThat(of("{\"problem_type\": \"multi_label_classification\", \"num_labels\": 1}")
                        .problemType())
                .isEqualTo(ProblemType.MULTI_LABEL_CLASSIFICATION);
        assertThat(of("{\"num_labels\": 1, \"problem_type\": null}").problemType())
                .isEqualTo(ProblemType.REGRESSION);
        assertThat(of("{}").problemType()).isEqualTo(ProblemType.SINGLE_LABEL_CLASSIFICATION);
        assertThat(of("{}").withProblemType(ProblemType.REGRESSION)
                        .json()
                        .path("problem_type")
                        .asString())
                .isEqualTo("regression");
        assertThatThrownBy(() -> of("{\"problem_type\": \"ranking\"}").problemType())
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("problem_type \"ranking\"; it must be single_label_classification");
    }

    private static ModelConfig of(String json) {
        return ModelConfig.of((ObjectNode) ModelConfig.JSON.readTree(json));
    }
}
