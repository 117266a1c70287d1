package io.trainer4j.bench;

import io.trainer4j.data.Dataset;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.ModelConfig;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.train.SaveStrategy;
import io.trainer4j.train.SchedulerType;
import io.trainer4j.train.Trainer;
import io.trainer4j.train.TrainerCallback.Decision;
import io.trainer4j.train.TrainingArguments;
import io.trainer4j.train.TrainingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Times the training step of a 39-million-parameter Qwen2 shape, batch 4 x 256, fp32, AdamW, clipping at 1: the same
 * weights, tokens and arguments as {@code training_step.py}. Prints one line: milliseconds of the median step, peak
 * resident memory in MiB, loss of the last step.
 */
public final class TrainingStep {
    private static final int VOCABULARY = 32_000;
    private static final int ROWS = 4;
    private static final int LENGTH = 256;
    private static final int WARMUP = 3;

    private TrainingStep() {}

    /** Takes a model folder, made on first use, and the number of timed steps. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        int steps = Integer.parseInt(args[1]);
        if (!Files.exists(folder.resolve("config.json"))) {
            RandomState.manualSeed(0);
            ModelConfig shape = ModelConfig.qwen2(VOCABULARY, 512, 1408, 8, 8, 2, 1024, 1, 0);
            try (CausalLM model = AutoModelForCausalLM.fromConfig(shape)) {
                model.savePretrained(folder);
            }
        }
        if (steps > 0) {
            measure(folder, steps);
        }
    }

    private static void measure(Path folder, int steps) throws IOException {
        List<Long> ends = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        try (CausalLM model = AutoModelForCausalLM.fromPretrained(folder)) {
            TrainingArguments arguments = TrainingArguments.of(folder + "-out")
                    .perDeviceTrainBatchSize(ROWS)
                    .maxSteps(WARMUP + steps)
                    .learningRate(1e-4)
                    .lrSchedulerType(SchedulerType.CONSTANT)
                    .saveStrategy(SaveStrategy.NO);
            Trainer.builder(model, arguments)
                    .trainDataset(Dataset.of(Map.of("input_ids", tokens())))
                    .callback(event -> {
                        if (event instanceof TrainingEvent.StepEnd step) {
                            ends.add(System.nanoTime());
                            losses.add(step.loss());
                        }
                        return Decision.CONTINUE;
                    })
                    .build()
                    .train();
        }
        double[] milliseconds = IntStream.range(WARMUP, ends.size())
                .mapToDouble(i -> (ends.get(i) - ends.get(i - 1)) / 1e6)
                .sorted()
                .toArray();
        System.out.printf(
                "%.1f %d %.5f%n",
                milliseconds[milliseconds.length / 2], peakMebibytes(), losses.get(losses.size() - 1));
    }

    /** One batch, the same in every step and in Python. */
    private static List<int[]> tokens() {
        return IntStream.range(0, ROWS)
                .mapToObj(row -> IntStream.range(0, LENGTH)
                        .map(i -> 3 + (int) ((7919L * (row * LENGTH + i) * (i + 11)) % (VOCABULARY - 3)))
                        .toArray())
                .toList();
    }

    private static long peakMebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024;
    }
}
