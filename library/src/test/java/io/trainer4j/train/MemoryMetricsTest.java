package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryMetricsTest {
    @TempDir
    Path folder;

    /** TrainerMemoryTracker of Python: alloc_delta is what is more at the end, peaked_delta the peak above that. */
    @Test
    void aStageTellsGrowthAndPeakAboveTheEnd() throws IOException {
        status(100, 900);
        MemoryMetrics metrics = new MemoryMetrics(new ProcessMemory(folder), false);
        metrics.begin();
        status(140, 200);
        assertThat(metrics.end("train"))
                .containsExactly(
                        Map.entry("train_mem_cpu_alloc_delta", 40 * 1024.0),
                        Map.entry("train_mem_cpu_peaked_delta", 60 * 1024.0));
        status(90, 80); // the two figures are read one after the other
        assertThat(metrics.end("eval"))
                .containsEntry("eval_mem_cpu_alloc_delta", -10 * 1024.0)
                .containsEntry("eval_mem_cpu_peaked_delta", 0.0);
    }

    @Test
    void nothingIsToldWhereNobodyAsksOrNothingIsKnown() throws IOException {
        MemoryMetrics unknown = new MemoryMetrics(new ProcessMemory(folder), false);
        unknown.begin();
        assertThat(unknown.end("train")).isEmpty();
        status(1, 1);
        MemoryMetrics skipped = new MemoryMetrics(new ProcessMemory(folder), true);
        skipped.begin();
        assertThat(skipped.end("train")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRunLogsThemWhereAsked(boolean skip) {
        TrainingArguments arguments = TinyRun.arguments(folder.resolve("out"))
                .saveStrategy(SaveStrategy.NO)
                .evalStrategy(IntervalStrategy.EPOCH)
                .numTrainEpochs(1)
                .skipMemoryMetrics(skip);
        TinyRun run = TinyRun.of(arguments);
        boolean told = !skip && ProcessMemory.OF_THIS_PROCESS.resident().isPresent();
        Map<String, Object> summary = run.log().get(run.log().size() - 1);
        assertThat(summary.containsKey("train_mem_cpu_alloc_delta")).isEqualTo(told);
        assertThat(summary.containsKey("train_mem_cpu_peaked_delta")).isEqualTo(told);
        // As in Python, an evaluation inside training has none of its own.
        assertThat(run.log()).noneMatch(row -> row.containsKey("eval_mem_cpu_alloc_delta"));
    }

    private void status(int resident, int peak) throws IOException {
        Files.createDirectories(folder.resolve("self"));
        Files.writeString(
                folder.resolve("self/status"), "VmHWM:\t  %d kB\nVmRSS:\t  %d kB\n".formatted(peak, resident));
    }
}
