package io.trainer4j.model;

import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import java.nio.file.Path;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.node.ObjectNode;

/** A model of every family and head, small enough to run in milliseconds. */
enum TinyModel {
    QWEN2_TIED("qwen2", """
            "tie_word_embeddings": true"""),
    QWEN2_UNTIED("qwen2", """
            "tie_word_embeddings": false, "attention_dropout": 0.3, "num_key_value_heads": 4"""),
    LLAMA("llama", """
            "tie_word_embeddings": false, "head_dim": 16, "attention_bias": true, "mlp_bias": true"""),
    LLAMA3_ROPE("llama", """
            "tie_word_embeddings": true, "attention_dropout": 0.3, "rope_parameters": {"rope_type": "llama3",
            "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 16}"""),
    BERT_CLS("bert", """
            "num_labels": 3, "hidden_dropout_prob": 0.2, "max_position_embeddings": 40"""),
    QWEN2_CLS("qwen2", """
            "num_labels": 3, "attention_dropout": 0.3"""),
    LLAMA_CLS("llama", """
            "num_labels": 3""");

    static final int VOCABULARY = 61;
    static final int LABELS = 3;

    private final String modelType;
    private final String special;

    TinyModel(String modelType, String special) {
        this.modelType = modelType;
        this.special = special;
    }

    boolean isCausal() {
        return this != BERT_CLS && this != QWEN2_CLS && this != LLAMA_CLS;
    }

    ModelConfig config() {
        ObjectNode json = object("""
                "model_type": "%s", "vocab_size": 61, "hidden_size": 32, "intermediate_size": 48,
                "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
                "eos_token_id": 2, "pad_token_id": 0, "initializer_range": 0.2""".formatted(modelType));
        json.setAll(object(special));
        return ModelConfig.of(json);
    }

    private static ObjectNode object(String properties) {
        return (ObjectNode) ModelConfig.JSON.readTree("{" + properties + "}");
    }

    /** A new model; equal seeds give equal weights. Biases and norms are moved off 0 and 1, so that a dropped one shows. */
    PretrainedModel create(long seed) {
        RandomState.manualSeed(seed);
        PretrainedModel model = isCausal()
                ? AutoModelForCausalLM.fromConfig(config())
                : new SequenceClassifier(config(), Families.backbone(config()), null);
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

    PretrainedModel open(Path folder) {
        return isCausal()
                ? AutoModelForCausalLM.fromPretrained(folder)
                : AutoModelForSequenceClassification.fromPretrained(folder);
    }
}
