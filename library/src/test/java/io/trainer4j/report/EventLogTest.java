package io.trainer4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.testing.TinyModels;
import io.trainer4j.train.IntervalStrategy;
import io.trainer4j.train.Trainer;
import io.trainer4j.train.TrainerCallback;
import io.trainer4j.train.TrainerCallback.Decision;
import io.trainer4j.train.TrainingArguments;
import io.trainer4j.train.TrainingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EventLogTest {
    @TempDir
    Path out;

    @Test
    void everyEventIsALineWithItsFigures() {
        train(arguments(), event -> Decision.CONTINUE);
        assertThat(summary()).containsExactly("log 2", "eval 2", "save 2", "log 4", "eval 4", "save 4", "end 4");
        JsonNode log = lines().get(0);
        assertThat(log.propertyNames())
                .containsExactly("time", "event", "step", "loss", "grad_norm", "learning_rate", "epoch");
        assertThat(log.path("loss").asDouble()).isPositive();
        assertThat(lines().get(1).path("eval_perplexity").asDouble()).isPositive();
        assertThat(lines().get(2).path("checkpoint").asString()).endsWith("checkpoint-2");
    }

    @Test
    void aLineIsOnDiskWhenTheNextCallbackHearsOfIt() {
        train(arguments(), event -> {
            if (event instanceof TrainingEvent.Log log) {
                assertThat(lines().get(lines().size() - 1).path("step").asInt())
                        .isEqualTo(log.row().get("step"));
            }
            return Decision.CONTINUE;
        });
    }

    /** The crashed run was at step 3 and in the middle of a line; an epoch that ends with the checkpoint is logged after it. */
    @Test
    void aResumedRunRepeatsNoStep() throws IOException {
        TrainingArguments byEpoch = arguments()
                .loggingStrategy(IntervalStrategy.EPOCH)
                .evalStrategy(IntervalStrategy.NO)
                .saveSteps(2);
        for (TrainingArguments arguments : List.of(arguments(), byEpoch)) {
            train(arguments, event -> Decision.CONTINUE);
            List<String> whole = summary();
            train(
                    arguments,
                    event -> event instanceof TrainingEvent.StepEnd end && end.step() == 3
                            ? Decision.STOP
                            : Decision.CONTINUE);
            Files.writeString(out.resolve(EventLog.NAME), "{\"time\":\"20", StandardOpenOption.APPEND);

            train(arguments.resumeFromCheckpoint(out.resolve("checkpoint-2").toString()), event -> Decision.CONTINUE);

            assertThat(summary()).isEqualTo(whole);
        }
    }

    @Test
    void aNewRunBeginsANewFile() {
        train(arguments(), event -> Decision.CONTINUE);
        List<String> once = summary();
        train(arguments(), event -> Decision.CONTINUE);
        assertThat(summary()).isEqualTo(once);
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        Files.createDirectories(out.resolve(EventLog.NAME));
        assertThatThrownBy(() -> new EventLog(out).on(new TrainingEvent.Log(Map.of("step", 1))))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("Could not write " + out.resolve(EventLog.NAME));
    }

    private TrainingArguments arguments() {
        return TrainingArguments.of(out.toString())
                .perDeviceTrainBatchSize(5)
                .maxSteps(4)
                .loggingSteps(2)
                .evalStrategy(IntervalStrategy.STEPS)
                .saveSteps(2);
    }

    private void train(TrainingArguments arguments, TrainerCallback last) {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Trainer trainer = Trainer.builder(model, arguments)
                    .trainDataset(TinyModels.sentences(10))
                    .evalDataset(TinyModels.sentences(3))
                    .callback(new EventLog(out))
                    .callback(last)
                    .build();
            trainer.train();
        }
    }

    private List<String> summary() {
        return lines().stream()
                .map(line -> line.path("event").asString() + " " + line.path("step"))
                .toList();
    }

    private List<JsonNode> lines() {
        try {
            return Files.readAllLines(out.resolve(EventLog.NAME)).stream()
                    .map(JsonMapper.shared()::readTree)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
