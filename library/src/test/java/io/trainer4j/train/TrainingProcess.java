package io.trainer4j.train;

import io.trainer4j.model.CausalLM;
import io.trainer4j.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A run in a process of its own, which goes on from the last whole checkpoint and may be killed at any moment. */
final class TrainingProcess {
    private TrainingProcess() {}

    /** Trains in the folder that is the only argument. */
    public static void main(String[] folder) {
        train(arguments(Path.of(folder[0])).resumeFromCheckpoint("true"));
    }

    static TrainingArguments arguments(Path out) {
        return TinyRun.arguments(out)
                .maxSteps(1500)
                .loggingSteps(7)
                .warmupSteps(20)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(10)
                .metricForBestModel("loss")
                .saveSteps(2)
                .saveTotalLimit(3);
    }

    static void train(TrainingArguments arguments) {
        try (CausalLM model = TinyModels.causalLM(1, json -> json.put("attention_dropout", 0.3))) {
            Trainer trainer = Trainer.builder(model, arguments)
                    .trainDataset(TinyRun.TRAIN)
                    .evalDataset(TinyRun.EVAL)
                    .build();
            trainer.train();
            trainer.saveModel();
        }
    }

    static Process start(Path out) throws IOException {
        Files.createDirectories(out);
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TrainingProcess.class.getName(),
                        out.toString()))
                .redirectErrorStream(true)
                .redirectOutput(out.resolve("output.txt").toFile())
                .start();
    }
}
