package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EvalPredictionTest {
    @Test
    void accuracyIsTheShareOfPredictionsThatAreTheLabel() {
        EvalPrediction prediction = new EvalPrediction(new int[] {0, 3, 2, 1}, new int[] {0, 3, 1, 1}, List.of());
        assertThat(prediction.accuracy()).isEqualTo(0.75);
    }
}
