package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.testing.SharedDir;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Models with the vocabularies of Qwen2.5 and bert-base-chinese. */
@Tag("conformance")
class RealVocabulariesTest {
    @Test
    void qwenLoads() {
        try (PretrainedModel qwen =
                AutoModelForCausalLM.fromPretrained(SharedDir.require("golden/models/qwen2-real-vocab"))) {
            assertThat(qwen.vocabSize()).isEqualTo(151_936);
        }
    }

    @Test
    void bertLoads() {
        try (PretrainedModel bert =
                AutoModelForSequenceClassification.fromPretrained(SharedDir.require("golden/models/bert-real-vocab"))) {
            assertThat(bert.vocabSize()).isEqualTo(21_128);
        }
    }
}
