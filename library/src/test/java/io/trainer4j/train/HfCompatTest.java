package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HfCompatTest {
    @TempDir
    private Path out;

    /** Steps so long that the second loss is not a number. */
    private TrainingArguments diverging() {
        return TinyRun.arguments(out)
                .learningRate(1e30)
                .lrSchedulerType(SchedulerType.CONSTANT)
                .maxSteps(3)
                .loggingSteps(1)
                .saveStrategy(SaveStrategy.NO);
    }

    @Test
    void aLossThatIsNotANumberEndsTheRun() {
        assertThatThrownBy(() -> TinyRun.of(diverging()))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("step 2");
    }

    @Test
    void pythonHidesItInTheLog() {
        TinyRun run = TinyRun.of(diverging().hfCompat(true));

        // transformers logs the mean since the last log, which is 0 straight after one.
        assertThat(run.log().get(1)).containsEntry("loss", 0.0);
        assertThat(run.weights().get("model.norm.weight")).contains(Float.NaN);
    }

    @Test
    void withoutTheFilterPythonLogsIt() {
        TinyRun run = TinyRun.of(diverging().hfCompat(true).loggingNanInfFilter(false));

        assertThat((double) run.log().get(1).get("loss")).isNaN();
    }
}
