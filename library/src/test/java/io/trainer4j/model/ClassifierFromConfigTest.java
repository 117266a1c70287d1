package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.tensor.RandomState;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierFromConfigTest {
    private static final ModelInput INPUT = ModelInput.of(new int[] {1, 2, 3}, new int[] {4, 5, 6});

    @TempDir
    private Path folder;

    @Test
    void drawsWeightsThatSaveAndOpenAgain() {
        ModelConfig config =
                ModelConfig.qwen2(16, 8, 16, 1, 2, 1, 32, 15, 13).withLabels(List.of("no", "perhaps", "yes"));
        RandomState.manualSeed(1);
        float[] scores;
        try (SequenceClassifier model = AutoModelForSequenceClassification.fromConfig(config)) {
            scores = scores(model);
            model.savePretrained(folder);
        }
        assertThat(scores).hasSize(6).doesNotContain(0f);
        try (SequenceClassifier opened = AutoModelForSequenceClassification.fromPretrained(folder)) {
            assertThat(opened.config().labels()).containsExactly("no", "perhaps", "yes");
            assertThat(scores(opened)).containsExactly(scores);
        }
    }

    private static float[] scores(SequenceClassifier model) {
        try (Scope scope = Scope.open()) {
            return TensorData.toFloats(model.logits(INPUT, Mode.EVAL));
        }
    }
}
