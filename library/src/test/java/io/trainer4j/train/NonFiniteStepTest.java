package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.data.Dataset;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import io.trainer4j.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A loss that is no number: which rows, why, and what stays. Rows 2, 5 and 8 of the ten have class 2. */
class NonFiniteStepTest {
    private static final Dataset ROWS = TinyModels.labelled(10, 3);
    private static final Pattern NAMED =
            Pattern.compile("with rows ([\\d, ]+) of the training set .* likely cause is row ([\\d, ]+):");

    @TempDir
    Path out;

    private SequenceClassifier model;

    @BeforeEach
    void openModel() {
        model = TinyModels.classifier(1, out.resolve("decoder"), 3, 0.3);
    }

    @AfterEach
    void closeModel() {
        model.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void theRowAtFaultIsNamed(double value) {
        Map<String, float[]> before = TinyModels.weights(model);
        assertThatThrownBy(trainer(arguments().maxSteps(1).perDeviceTrainBatchSize(10), brokenForClass2(value))::train)
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageStartingWith("The loss of step 1 is " + value + " with rows ")
                .hasMessageContaining("--on-nan skip")
                .satisfies(failure -> {
                    Matcher named = NAMED.matcher(failure.getMessage());
                    assertThat(named.find()).as(failure.getMessage()).isTrue();
                    assertThat(named.group(1).split(", "))
                            .containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
                    assertThat(named.group(2).split(", ")).containsExactlyInAnyOrder("2", "5", "8");
                });
        assertThat(TinyModels.weights(model)).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void onlyTheRowsOfTheFirstBrokenPartAreNamed() {
        assertThatThrownBy(trainer(
                        arguments().maxSteps(1).perDeviceTrainBatchSize(1).gradientAccumulationSteps(10),
                        brokenForClass2(Double.NaN))::train)
                .hasMessageMatching(".* with rows [258] of the training set .*");
    }

    @Test
    void aLossThatIsBrokenForEveryRowMeansDivergence() {
        assertStops(
                (logits, labels, items) -> logits.sum().mul(new Scalar(Double.NaN)),
                "Every row causes it, so the run has diverged: lower --learning-rate (now 0.01)");
    }

    @Test
    void aGradientThatIsBrokenWithoutALossMeansTooLargeNumbers() {
        // The square root of 0 has an infinite slope.
        assertStops(
                (logits, labels, items) ->
                        logits.sum().mul(new Scalar(0.0)).pow(new Scalar(2.0)).sqrt(),
                "The gradient norm of step 1 is NaN",
                "No row causes it alone");
    }

    @Test
    void aWeightThatWasBrokenBeforeIsNamed() {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            model.parameters().asMap().get("score.weight").fill_(new Scalar(Double.NaN));
        }
        assertStops(
                (logits, labels, items) -> logits.sum(), "The cause is the weight score.weight, which was not finite");
    }

    /** Python goes on with weights that are lost, unless it is asked to watch; then on_nan skips nothing either. */
    @Test
    void aRunThatIsWatchedStopsAsPythonDoesNot() {
        TrainingArguments compatible = arguments()
                .maxSteps(1)
                .perDeviceTrainBatchSize(10)
                .hfCompat(true)
                .onNan(OnNan.SKIP)
                .debug(List.of("underflow_overflow"));
        assertThatThrownBy(trainer(compatible, brokenForClass2(Double.NaN))::train)
                .isExactlyInstanceOf(TrainerException.class)
                .hasMessageStartingWith("The loss of step 1 is NaN with rows ");
        assertThat(trainer(compatible.debug(List.of()), brokenForClass2(Double.NaN))
                        .train()
                        .globalStep())
                .isEqualTo(1);
    }

    private void assertStops(LossFunction loss, String... parts) {
        ThrowingCallable training = trainer(arguments().maxSteps(1), loss)::train;
        assertThatThrownBy(training).isExactlyInstanceOf(TrainerException.class).hasMessageContainingAll(parts);
    }

    @Test
    void skippedStepsAreCountedAndLeaveWeightsAndScheduleAlone() throws IOException {
        List<Double> rates = new ArrayList<>();
        List<Map<String, float[]>> weights = new ArrayList<>(List.of(TinyModels.weights(model)));
        List<Double> losses = new ArrayList<>();
        Trainer trainer = Trainer.builder(model, skipping().loggingSteps(6))
                .trainDataset(ROWS)
                .computeLossFunc(brokenForClass2(Double.NaN))
                .callback(event -> {
                    if (event instanceof TrainingEvent.StepEnd step) {
                        rates.add(step.learningRate());
                        losses.add(step.loss());
                        weights.add(TinyModels.weights(model));
                    }
                    return TrainerCallback.Decision.CONTINUE;
                })
                .build();

        TrainOutput output = trainer.train();

        LearningRateSchedule schedule = LearningRateSchedule.of(new TrainingArguments().learningRate(1e-2), 12);
        double sum = 0;
        int skipped = 0;
        for (int step = 0; step < 12; step++) {
            assertThat(rates.get(step)).isEqualTo(schedule.at(step));
            if (Double.isFinite(losses.get(step))) {
                sum += losses.get(step);
            } else {
                skipped++;
                assertThat(weights.get(step + 1)).usingRecursiveComparison().isEqualTo(weights.get(step));
            }
        }
        assertThat(skipped).isBetween(3, 11);
        assertThat(output.skippedSteps()).isEqualTo(skipped);
        assertThat(output.trainingLoss()).isEqualTo(sum / (12 - skipped));
        Map<String, Object> summary =
                trainer.state().logHistory().get(trainer.state().logHistory().size() - 1);
        assertThat(summary).containsEntry("skipped_steps", skipped);
        assertThat(JsonMapper.shared()
                        .readTree(Files.readString(out.resolve("checkpoint-12/progress.json")))
                        .path("skipped_steps")
                        .asInt())
                .isEqualTo(skipped);
    }

    @Test
    void aResumedRunSkipsTheSameSteps() {
        Trainer whole = trainer(skipping(), brokenForClass2(Double.NaN));
        TrainOutput output = whole.train();
        Map<String, float[]> end = TinyModels.weights(model);

        Trainer resumed = trainer(
                skipping().resumeFromCheckpoint(out.resolve("checkpoint-5").toString()), brokenForClass2(Double.NaN));
        TrainOutput again = resumed.train();

        assertThat(again.skippedSteps()).isEqualTo(output.skippedSteps()).isPositive();
        assertThat(again.trainingLoss()).isEqualTo(output.trainingLoss());
        assertThat(TinyModels.weights(model)).usingRecursiveComparison().isEqualTo(end);
    }

    private Trainer trainer(TrainingArguments arguments, LossFunction loss) {
        return Trainer.builder(model, arguments)
                .trainDataset(ROWS)
                .computeLossFunc(loss)
                .build();
    }

    private TrainingArguments arguments() {
        return TinyRun.arguments(out.resolve("run")).saveStrategy(SaveStrategy.NO);
    }

    private TrainingArguments skipping() {
        return TinyRun.arguments(out)
                .onNan(OnNan.SKIP)
                .perDeviceTrainBatchSize(2)
                .maxSteps(12)
                .loggingSteps(1)
                .saveSteps(1);
    }

    private static LossFunction brokenForClass2(double value) {
        return (logits, labels, items) -> {
            Tensor loss = logits.pow(new Scalar(2.0)).sum().div(new Scalar((double) items));
            boolean broken = Arrays.stream(TensorData.toLongs(labels)).anyMatch(label -> label == 2);
            return broken ? loss.mul(new Scalar(value)) : loss;
        };
    }
}
