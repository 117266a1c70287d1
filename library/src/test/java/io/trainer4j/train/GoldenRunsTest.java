package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.data.Columns;
import io.trainer4j.data.Dataset;
import io.trainer4j.data.DatasetSplit;
import io.trainer4j.model.AutoModelForCausalLM;
import io.trainer4j.model.AutoModelForSequenceClassification;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.PeftModel;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.testing.SharedDir;
import io.trainer4j.text.AutoTokenizer;
import io.trainer4j.text.CompletionEncoder;
import io.trainer4j.text.Padding;
import io.trainer4j.text.PromptStyle;
import io.trainer4j.text.Tokenizer;
import io.trainer4j.text.Truncation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole training runs against the {@code log_history} Python's Trainer wrote for them. */
@Tag("conformance")
class GoldenRunsTest {
    @TempDir
    Path out;

    @ParameterizedTest
    @CsvSource({
        "sft-full-fp32, CHAT, 1e-4, 1e-3",
        "sft-accumulate, CHAT, 1e-4, 1e-3",
        "sft-plain-text, TEXT, 1e-4, 1e-3",
        "sft-bf16-autocast, CHAT, 2e-2, 2e-2"
    })
    void fineTuningFollowsTrl(String name, PromptStyle style, double lossTolerance, double normTolerance)
            throws IOException {
        JsonNode golden = golden(name);
        DatasetSplit split = questions().trainTestSplit(0.2, 42);
        Path folder = SharedDir.require("golden/models/qwen2-real-vocab");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder);
                CausalLM model = AutoModelForCausalLM.fromPretrained(folder)) {
            CompletionEncoder encoder = CompletionEncoder.of(tokenizer, style, 256);
            JsonNode given = golden.path("arguments");
            TrainingArguments arguments = arguments()
                    .perDeviceTrainBatchSize(4)
                    .learningRate(5e-4)
                    .bf16(given.path("bf16").asBoolean())
                    .gradientAccumulationSteps(
                            given.path("gradient_accumulation_steps").asInt(1))
                    .warmupSteps(given.path("warmup_steps").asInt(0))
                    .maxGradNorm(given.path("max_grad_norm").asDouble(1))
                    .lrSchedulerType(SchedulerType.valueOf(
                            given.path("lr_scheduler_type").asString("linear").toUpperCase(java.util.Locale.ROOT)));
            Trainer trainer = Trainer.builder(model, arguments)
                    .trainDataset(encoded(split.train(), encoder))
                    .evalDataset(encoded(split.test(), encoder))
                    .processingClass(tokenizer)
                    .build();
            trainer.train();
            assertFollows(trainer.state().logHistory(), golden.path("log_history"), lossTolerance, normTolerance);
        }
    }

    /**
     * Four steps of TRL 1.13's SFTTrainer with these rows, max_steps 4 and the argument named; the loss of dft is that of a
     * model which has learnt nothing, so small.
     */
    @ParameterizedTest
    @CsvSource({
        "false, NLL, 11.941543579 11.931571007 11.928544044 11.916356087, 0.41625404 0.48169920 0.52153069 0.52533072,"
                + " 11.920771599",
        "true, DFT, 7.8201250e-5 7.8159545e-5 7.8280245e-5 7.9495054e-5, 2.8235754e-6 3.4253617e-6 3.4264358e-6"
                + " 3.4413799e-6, 7.8526500e-5"
    })
    void promptsAndWeightedTokensAreTrainedAsInTrl(
            boolean completionOnly, LossType type, String losses, String norms, double evalLoss) {
        DatasetSplit split = questions().trainTestSplit(0.2, 42);
        Path folder = SharedDir.require("golden/models/qwen2-real-vocab");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder);
                CausalLM model = AutoModelForCausalLM.fromPretrained(folder)) {
            CompletionEncoder encoder =
                    CompletionEncoder.of(tokenizer, PromptStyle.CHAT, 256).completionOnlyLoss(completionOnly);
            Trainer trainer = Trainer.builder(
                            model,
                            arguments()
                                    .perDeviceTrainBatchSize(4)
                                    .learningRate(5e-4)
                                    .maxSteps(4)
                                    .lossType(type))
                    .trainDataset(encoded(split.train(), encoder))
                    .evalDataset(encoded(split.test(), encoder))
                    .processingClass(tokenizer)
                    .build();
            trainer.train();
            List<Map<String, Object>> log = trainer.state().logHistory();
            for (int step = 0; step < 4; step++) {
                assertRelative(log.get(step).get("loss"), losses.split(" ", -1)[step], 1e-5);
                assertRelative(log.get(step).get("grad_norm"), norms.split(" ", -1)[step], 1e-3);
            }
            assertRelative(log.get(4).get("eval_loss"), Double.toString(evalLoss), 1e-5);
        }
    }

    private static void assertRelative(Object actual, String expected, double tolerance) {
        double value = Double.parseDouble(expected);
        assertThat(((Number) actual).doubleValue()).isCloseTo(value, within(tolerance * value));
    }

    @Test
    void trainingAnAdapterFollowsTrl() throws IOException {
        JsonNode golden = golden("sft-lora");
        DatasetSplit split = questions().trainTestSplit(0.2, 42);
        Path folder = SharedDir.require("golden/models/qwen2-real-vocab");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder);
                CausalLM model = AutoModelForCausalLM.fromPretrained(folder)) {
            PeftModel.fromPretrained(model, SharedDir.require("golden/runs/sft-lora-adapter-start"));
            CompletionEncoder encoder = CompletionEncoder.of(tokenizer, PromptStyle.CHAT, 256);
            Trainer trainer = Trainer.builder(
                            model, arguments().perDeviceTrainBatchSize(4).learningRate(5e-4))
                    .trainDataset(encoded(split.train(), encoder))
                    .evalDataset(encoded(split.test(), encoder))
                    .processingClass(tokenizer)
                    .build();
            trainer.train();
            assertFollows(trainer.state().logHistory(), golden.path("log_history"), 1e-4, 1e-3);
        }
    }

    private static Dataset encoded(Dataset dataset, CompletionEncoder encoder) {
        return dataset.map(rows -> encoder.encode(rows.strings("Question"), rows.strings("Answer")));
    }

    @Test
    void classificationFollowsTransformers() throws IOException {
        JsonNode golden = golden("cls-bert");
        Dataset labelled = questions()
                .map(rows -> Columns.of(
                        "label",
                        rows.strings("Question").stream()
                                .map(q -> q.contains("糖尿病") || q.contains("血糖") ? 1L : 0L)
                                .toList()));
        DatasetSplit split = labelled.trainTestSplit(0.2, 42);
        Path folder = SharedDir.require("golden/models/bert-real-vocab");
        try (Tokenizer tokenizer = AutoTokenizer.fromPretrained(folder);
                SequenceClassifier model = AutoModelForSequenceClassification.fromPretrained(folder)) {
            Trainer trainer = Trainer.builder(
                            model, arguments().perDeviceTrainBatchSize(8).learningRate(2e-3))
                    .trainDataset(split.train()
                            .map(rows ->
                                    tokenizer.encode(rows.strings("Question"), Padding.DO_NOT_PAD, Truncation.to(64))))
                    .evalDataset(split.test()
                            .map(rows ->
                                    tokenizer.encode(rows.strings("Question"), Padding.DO_NOT_PAD, Truncation.to(64))))
                    .processingClass(tokenizer)
                    .computeMetrics(GoldenRunsTest::accuracy)
                    .build();
            trainer.train();
            assertFollows(trainer.state().logHistory(), golden.path("log_history"), 1e-4, 1e-3);
        }
    }

    private static Map<String, Double> accuracy(EvalPrediction shown) {
        return Map.of(
                "accuracy",
                IntStream.range(0, shown.labels().length)
                        .mapToDouble(i -> shown.predictions()[i] == shown.labels()[i] ? 1 : 0)
                        .average()
                        .orElseThrow());
    }

    private TrainingArguments arguments() {
        return TrainingArguments.of(out.toString())
                .hfCompat(true)
                .numTrainEpochs(2)
                .weightDecay(0.01)
                .loggingSteps(1)
                .evalStrategy(IntervalStrategy.EPOCH)
                .saveStrategy(SaveStrategy.NO);
    }

    private static Dataset questions() {
        return Dataset.fromCsv(SharedDir.require("golden/runs/qa.csv"));
    }

    private static JsonNode golden(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(SharedDir.require("golden/runs/" + name + ".json")));
    }

    private static void assertFollows(
            List<Map<String, Object>> actual, JsonNode golden, double lossTolerance, double normTolerance) {
        assertThat(actual).hasSize(golden.size());
        for (int i = 0; i < actual.size(); i++) {
            Map<String, Object> row = actual.get(i);
            JsonNode expected = golden.get(i);
            for (String name :
                    List.of("loss", "grad_norm", "eval_loss", "eval_accuracy", "train_loss", "epoch", "step")) {
                if (expected.has(name)) {
                    double value = expected.path(name).asDouble();
                    double tolerance = name.equals("grad_norm") ? normTolerance * value : lossTolerance;
                    assertThat(((Number) row.get(name)).doubleValue())
                            .as("%s of row %d", name, i)
                            .isCloseTo(value, within(tolerance));
                }
            }
            if (expected.has("learning_rate")) {
                assertThat((double) row.get("learning_rate"))
                        .isCloseTo(expected.path("learning_rate").asDouble(), within(1e-15));
            }
        }
    }
}
