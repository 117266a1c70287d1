package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.data.Dataset;
import io.trainer4j.model.CausalLM;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path out;

    /** The graph of one step, kept by mistake, would be about 0.5 MiB; a single object would show in the count. */
    @Test
    void fiveHundredStepsOfChangingLengthNeedNoMoreThanFifty() {
        touchHeap();
        train("first", new ArrayList<>(), new ArrayList<>()); // in which the Java machine compiles: that is memory too
        List<Long> bytes = new ArrayList<>();
        List<Long> objects = new ArrayList<>();
        train("second", bytes, objects);

        assertThat(objects).hasSize(10).allMatch(count -> count.equals(objects.get(0)));
        assertThat(bytes.get(9)).as("bytes at steps 50, 100, ...: %s", bytes).isLessThan((long) (1.05 * bytes.get(0)));
    }

    private void train(String folder, List<Long> bytes, List<Long> objects) {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Trainer.builder(
                            model,
                            TinyRun.arguments(out.resolve(folder))
                                    .perDeviceTrainBatchSize(8)
                                    .maxSteps(500)
                                    .saveStrategy(SaveStrategy.NO))
                    .trainDataset(sentencesOf(4, 200))
                    .callback(event -> {
                        if (event instanceof TrainingEvent.StepEnd step && step.step() % 50 == 0) {
                            bytes.add(Pointer.physicalBytes());
                            objects.add(Pointer.totalCount());
                        }
                        return TrainerCallback.Decision.CONTINUE;
                    })
                    .build()
                    .train();
        }
    }

    /** Lets the garbage of some steps pass through all of the young generation, so that only native memory can grow. */
    private static void touchHeap() {
        int kept = 0;
        for (int i = 0; i < 600; i++) {
            kept += new byte[MIB].length;
        }
        assertThat(kept).isEqualTo(600 * MIB);
    }

    private static Dataset sentencesOf(int shortest, int rows) {
        return Dataset.of(Map.of(
                "input_ids",
                IntStream.range(0, rows)
                        .mapToObj(row -> IntStream.range(0, shortest + row * 37 % 30)
                                .map(t -> (row + t * 3) % TinyModels.VOCABULARY)
                                .toArray())
                        .toList()));
    }
}
