package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.train.TrainerCallback.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainerCallbackTest {
    @Test
    void onLogHearsOfLogRowsOnlyAndAsksForNothing() {
        List<Map<String, Object>> heard = new ArrayList<>();
        TrainerCallback callback = TrainerCallback.onLog(heard::add);

        assertThat(callback.on(new TrainingEvent.EpochEnd(1))).isEqualTo(Decision.CONTINUE);
        assertThat(callback.on(new TrainingEvent.Log(Map.of("loss", 0.5)))).isEqualTo(Decision.CONTINUE);
        assertThat(callback.on(new TrainingEvent.Evaluate(1, 1, Map.of("eval_loss", 0.25))))
                .isEqualTo(Decision.CONTINUE);

        assertThat(heard).containsExactly(Map.of("loss", 0.5));
    }
}
