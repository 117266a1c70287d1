package io.trainer4j.train;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one stage of a run takes of the process's memory, as {@code TrainerMemoryTracker} in transformers/trainer_utils.py
 * tells it where {@code skip_memory_metrics} is off. Linux keeps the peak itself, so no thread has to look for it.
 */
final class MemoryMetrics {
    private final ProcessMemory process;
    private final boolean skipped;
    private long before;

    /**
     * @param skipped whether nothing is measured
     */
    MemoryMetrics(ProcessMemory process, boolean skipped) {
        this.process = process;
        this.skipped = skipped || process.resident().isEmpty();
    }

    /** Begins to measure. */
    void begin() {
        if (!skipped) {
            process.resetPeak();
            before = process.resident().getAsLong();
        }
    }

    /**
     * Bytes since {@link #begin}, none where nothing is measured: {@code train_mem_cpu_alloc_delta}, by how much the process
     * has grown, and {@code train_mem_cpu_peaked_delta}, how much more than now it had at its peak.
     *
     * @param stage {@code train} or {@code eval}
     */
    Map<String, Double> end(String stage) {
        Map<String, Double> figures = new LinkedHashMap<>();
        if (!skipped) {
            long now = process.resident().getAsLong();
            figures.put(stage + "_mem_cpu_alloc_delta", (double) (now - before));
            figures.put(stage + "_mem_cpu_peaked_delta", (double)
                    Math.max(0, process.peak().orElse(now) - now));
        }
        return figures;
    }
}
