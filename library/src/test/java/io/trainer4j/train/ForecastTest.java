package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.model.CausalLM;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ForecastTest {
    private static final Pattern OPTION = Pattern.compile("--([a-z-]+) (\\S+)");

    /** Draws random numbers, as one does that masks tokens. */
    private static final DataCollator DRAWING = batch -> {
        RandomState.permutation(3);
        return DataCollator.forCausalLM(0).collate(batch);
    };

    @TempDir
    Path folder;

    /** With dropout, whose random numbers the probe draws too. */
    @ParameterizedTest
    @EnumSource(OptimizerNames.class)
    void theProbeLeavesTheNumbersOfTheRunAsTheyAre(OptimizerNames optim) {
        TrainingArguments arguments = TinyRun.arguments(folder)
                .optim(optim)
                .weightDecay(0.1)
                .saveStrategy(SaveStrategy.NO)
                .neftuneNoiseAlpha(5.0);
        assertThat(bitsAfter(arguments, true)).isEqualTo(bitsAfter(arguments, false));
    }

    /** Every weight and the last loss, as bits. */
    private static String bitsAfter(TrainingArguments arguments, boolean probed) {
        try (CausalLM model = TinyModels.causalLM(
                1,
                json -> json.put("attention_dropout", 0.3)
                        .put("hidden_size", 24)
                        .put("intermediate_size", 176))) {
            Trainer trainer = trainer(model, arguments);
            if (probed) {
                assertThat(trainer.forecast(0, true).seconds()).isPositive();
            }
            double loss = trainer.train().trainingLoss();
            StringBuilder bits = new StringBuilder().append(loss);
            TinyModels.weights(model)
                    .forEach((name, values) -> bits.append(name).append(Arrays.toString(values)));
            return bits.toString();
        }
    }

    /** Three steps in each epoch, so that two are left; batches draw random numbers, as where tokens are masked. */
    @Test
    void theRunsOwnFirstStepsTellWhatIsLeftAndKeepItsNumbers() {
        TrainingArguments arguments = TinyRun.arguments(folder)
                .maxSteps(5)
                .evalStrategy(IntervalStrategy.EPOCH)
                .saveStrategy(SaveStrategy.NO);
        List<TrainingEvent> events = new ArrayList<>();
        assertThat(losses(arguments, events, true)).isEqualTo(losses(arguments, new ArrayList<>(), false));
        List<TrainingEvent.Forecasted> told = events.stream()
                .filter(TrainingEvent.Forecasted.class::isInstance)
                .map(TrainingEvent.Forecasted.class::cast)
                .toList();
        assertThat(told).hasSize(1);
        assertThat(events.get(events.indexOf(told.get(0)) + 1))
                .isInstanceOfSatisfying(
                        TrainingEvent.StepEnd.class,
                        step -> assertThat(step.step()).isEqualTo(3));
        Forecast forecast = told.get(0).forecast();
        assertThat(forecast.seconds()).isPositive();
        assertThat(forecast.items().toString())
                .contains("the first 3 steps; weights", "tokens in 2 steps after step 3, evaluations");
    }

    private static List<Double> losses(TrainingArguments arguments, List<TrainingEvent> events, boolean forecasts) {
        try (CausalLM model = TinyModels.causalLM(1, json -> json.put("attention_dropout", 0.3))) {
            List<Double> losses = new ArrayList<>();
            Trainer trainer = Trainer.builder(model, arguments)
                    .trainDataset(TinyRun.TRAIN)
                    .evalDataset(TinyRun.EVAL)
                    .dataCollator(DRAWING)
                    .callback(event -> {
                        events.add(event);
                        if (event instanceof TrainingEvent.StepEnd step) {
                            losses.add(step.loss());
                        }
                        return TrainerCallback.Decision.CONTINUE;
                    })
                    .build();
            if (forecasts) {
                Forecast shapes = trainer.forecastAsItTrains(1, true);
                assertThat(shapes.seconds()).isNaN();
                assertThat(shapes.fits()).isFalse();
                assertThat(shapes.items())
                        .extracting(RunPlan.Item::name)
                        .startsWith("memory", "time", "memory limit")
                        .contains("none fits");
                assertThat(shapes.items().get(1).value()).isEqualTo("told after 3 steps");
            }
            trainer.train();
            return losses;
        }
    }

    @Test
    void aRunOfFewerStepsIsNotForecast() {
        List<TrainingEvent> events = new ArrayList<>();
        losses(TinyRun.arguments(folder).maxSteps(2).saveStrategy(SaveStrategy.NO), events, true);
        assertThat(events).noneMatch(TrainingEvent.Forecasted.class::isInstance);
    }

    @Test
    void weightsGradientsAndRandomStreamAreUntouchedAndNothingIsWritten() {
        try (CausalLM model = TinyModels.causalLM(1, json -> json.put("attention_dropout", 0.3))) {
            var before = TinyModels.weights(model);
            Trainer trainer = trainer(model, TinyRun.arguments(folder.resolve("none")));
            RandomState.manualSeed(5);
            int[] expected = RandomState.permutation(20);
            RandomState.manualSeed(5);
            Forecast forecast = trainer.forecast(0, true);
            assertThat(RandomState.permutation(20)).isEqualTo(expected);
            TinyModels.weights(model)
                    .forEach((name, values) -> assertThat(values).as(name).isEqualTo(before.get(name)));
            assertThat(model.parameters().trainable().values())
                    .allSatisfy(tensor -> assertThat(hasGradient(tensor)).isFalse());
            assertThat(Files.exists(folder.resolve("none"))).isFalse();
            assertThat(forecast.seconds()).isPositive();
            assertThat(forecast.fits()).isTrue();
            assertThat(forecast.items()).extracting(RunPlan.Item::name).containsExactly("memory", "time");
            assertThat(trainer.plan().with(forecast).toString()).contains("3 probe steps", "longest batch 4 rows");
        }
    }

    private static boolean hasGradient(org.bytedeco.pytorch.Tensor tensor) {
        try (var scope = io.trainer4j.tensor.Scope.open()) {
            return tensor.mutable_grad().defined();
        }
    }

    private static Trainer trainer(CausalLM model, TrainingArguments arguments) {
        return Trainer.builder(model, arguments)
                .trainDataset(TinyRun.TRAIN)
                .evalDataset(TinyRun.EVAL)
                .build();
    }

    @Test
    void proposalsFitAndKeepTheEffectiveBatch() {
        try (CausalLM model =
                TinyModels.causalLM(1, json -> json.put("hidden_size", 24).put("intermediate_size", 176))) {
            RunShape run = MemoryEstimateTest.shape(
                    model, TinyRun.arguments(folder).perDeviceTrainBatchSize(8).gradientAccumulationSteps(3));
            MemoryEstimate now = run.memory(0);
            long limit = now.peak() * 2 / 3;
            List<RunPlan.Item> items = FittingSettings.of(run, now, null, limit);
            assertThat(items).isNotEmpty().allSatisfy(item -> {
                assertThat(item.name()).isEqualTo("fits");
                assertThat(item.reason()).matches("[0-9,]+ MiB, about [0-9.]+ times the time");
                long batch = option(item, "per-device-train-batch-size", 8);
                assertThat(batch * option(item, "gradient-accumulation-steps", 3))
                        .isEqualTo(24);
            });
            RunPlan.Item batches = items.get(0);
            TrainingArguments changed = run.setup()
                    .arguments()
                    .perDeviceTrainBatchSize((int) option(batches, "per-device-train-batch-size", 8))
                    .gradientAccumulationSteps((int) option(batches, "gradient-accumulation-steps", 3))
                    .gradientCheckpointing(batches.value().contains("--gradient-checkpointing true"));
            assertThat(MemoryEstimateTest.shape(model, changed).memory(0).peak())
                    .isLessThanOrEqualTo(limit * 11 / 10);
        }
    }

    private static long option(RunPlan.Item item, String name, long otherwise) {
        Matcher options = OPTION.matcher(item.value());
        while (options.find()) {
            if (options.group(1).equals(name)) {
                return Long.parseLong(options.group(2));
            }
        }
        return otherwise;
    }

    @Test
    void whatLeavesTheNumbersComesFirstAndNoProposalContainsAnother() {
        try (CausalLM model =
                TinyModels.causalLM(1, json -> json.put("hidden_size", 24).put("intermediate_size", 176))) {
            RunShape run = MemoryEstimateTest.shape(model, TinyRun.arguments(folder));
            MemoryEstimate now = run.memory(0);
            List<String> words = FittingSettings.of(run, now, null, now.peak() - 1).stream()
                    .map(RunPlan.Item::value)
                    .toList();
            assertThat(words).doesNotHaveDuplicates().hasSizeGreaterThan(1);
            int lora = words.indexOf(words.stream()
                    .filter(word -> word.contains("lora"))
                    .findFirst()
                    .orElseThrow());
            assertThat(words.subList(0, lora)).noneMatch(word -> word.contains("lora"));
            for (String word : words) {
                assertThat(words)
                        .filteredOn(other -> !other.equals(word) && other.contains(word))
                        .isEmpty();
            }
            assertThat(FittingSettings.of(run, now, null, 1)).singleElement().satisfies(item -> {
                assertThat(item.name()).isEqualTo("none fits");
                assertThat(item.reason()).contains("--max-length");
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"NO, 0, 1", "EPOCH, 2, 2", "STEPS, 3, 3"})
    void evaluationsAreCountedAsTheyAreMade(IntervalStrategy strategy, int during, int withEnd) {
        TrainingArguments arguments = TinyRun.arguments(folder)
                .numTrainEpochs(2)
                .evalStrategy(strategy)
                .evalSteps(2);
        StepPlan plan = StepPlan.of(10, arguments);
        assertThat(Occasions.evaluations(arguments, plan, 0, false)).isEqualTo(during);
        assertThat(Occasions.evaluations(arguments, plan, 0, true)).isEqualTo(withEnd);
        assertThat(Occasions.evaluations(arguments.evalOnStart(true), plan, 0, false))
                .isEqualTo(during + 1);
    }

    @Test
    void savesAreCountedAsTheyAreMade() {
        TrainingArguments arguments = TinyRun.arguments(folder).numTrainEpochs(2);
        StepPlan plan = StepPlan.of(10, arguments);
        assertThat(Arrays.stream(SaveStrategy.values())
                        .map(strategy ->
                                Occasions.saves(arguments.saveStrategy(strategy).saveSteps(4), plan, 0))
                        .toList())
                .containsExactlyInAnyOrder(0L, 2L, 2L, 0L);
    }

    @Test
    void ofAResumedRunWhatIsLeftIsCounted() {
        TrainingArguments arguments =
                TinyRun.arguments(folder).numTrainEpochs(4).evalStrategy(IntervalStrategy.EPOCH);
        StepPlan plan = StepPlan.of(10, arguments); // 3 steps in each of 4 epochs
        assertThat(Occasions.evaluations(arguments, plan, 7, false)).isEqualTo(2);
        TrainingArguments steps =
                arguments.evalStrategy(IntervalStrategy.STEPS).evalSteps(5).evalOnStart(true);
        assertThat(Occasions.evaluations(steps, plan, 5, false)).isEqualTo(2); // after 10 and after 12
        assertThat(Occasions.evaluations(steps, plan, 12, true)).isEqualTo(1);
        assertThat(Occasions.saves(arguments.saveStrategy(SaveStrategy.EPOCH), plan, 6))
                .isEqualTo(2);
        assertThat(Occasions.saves(arguments.saveSteps(4), plan, 9)).isEqualTo(1);

        TinyRun.of(TinyRun.arguments(folder).numTrainEpochs(2).saveSteps(4).saveStrategy(SaveStrategy.STEPS));
        try (CausalLM model = TinyModels.causalLM(1)) {
            TrainingArguments resumed =
                    TinyRun.arguments(folder).numTrainEpochs(2).resumeFromCheckpoint(folder + "/checkpoint-4");
            assertThat(trainer(model, resumed).forecast(0, true).items().get(1).reason())
                    .contains("in 2 steps after step 4, evaluations");
        }
    }

    @Test
    void aCollatorThatDrawsRandomNumbersLeavesTheStreamAsItWas() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Trainer trainer = Trainer.builder(model, TinyRun.arguments(folder))
                    .trainDataset(TinyRun.TRAIN)
                    .evalDataset(TinyRun.EVAL)
                    .dataCollator(DRAWING)
                    .build();
            RandomState.manualSeed(5);
            int[] expected = RandomState.permutation(20);
            RandomState.manualSeed(5);
            trainer.forecast(0, true);
            assertThat(RandomState.permutation(20)).isEqualTo(expected);
        }
    }

    @Test
    void largeEvaluationBatchesAreCountedAndSmallerOnesProposed() {
        try (CausalLM model =
                TinyModels.causalLM(1, json -> json.put("hidden_size", 24).put("intermediate_size", 1760))) {
            TrainingArguments arguments = TinyRun.arguments(folder)
                    .perDeviceTrainBatchSize(1)
                    .gradientCheckpointing(true)
                    .optim(OptimizerNames.SGD)
                    .trainableModules(List.of("model.norm"));
            Freezing.apply(model, arguments);
            RunShape large = MemoryEstimateTest.shape(model, arguments.perDeviceEvalBatchSize(64));
            RunShape small = MemoryEstimateTest.shape(model, arguments.perDeviceEvalBatchSize(1));
            assertThat(large.evaluationTokens()).isEqualTo(small.evaluationTokens());
            assertThat(large.memory(0).evaluation())
                    .isGreaterThan(3 * small.memory(0).evaluation());
            assertThat(large.evaluationBytes(1))
                    .isBetween(small.memory(0).evaluation() / 2, small.memory(0).evaluation());
            MemoryEstimate now = large.memory(0);
            assertThat(now.peak()).isGreaterThan(now.withoutEvaluation().peak());
            assertThat(FittingSettings.of(large, now, null, now.peak() - 1)
                            .get(0)
                            .value())
                    .matches("--per-device-eval-batch-size [1-9][0-9]?");
        }
    }

    @Test
    void durationsAreReadable() {
        assertThat(Forecast.text(8.44)).isEqualTo("8.4 s");
        assertThat(Forecast.text(725)).isEqualTo("12 min 5 s");
        assertThat(Forecast.text(12_000)).isEqualTo("3 h 20 min");
    }
}
