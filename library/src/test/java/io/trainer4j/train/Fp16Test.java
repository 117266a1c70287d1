package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.TrainerException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.Precision;
import io.trainer4j.tensor.RandomState;
import io.trainer4j.testing.TinyModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop with fp16 products and a scaled loss, on the CPU, which computes them slowly but as well. */
class Fp16Test {
    @TempDir
    Path out;

    private final List<TrainingEvent> events = new ArrayList<>();

    private TrainingArguments arguments() {
        return TinyRun.arguments(out).maxSteps(6).warmupSteps(2).loggingSteps(1).saveStrategy(SaveStrategy.NO);
    }

    private static GradScaler scaler(double scale) {
        GradScaler scaler = GradScaler.of(Precision.FLOAT16);
        scaler.restore(Map.of("scale", scale, "_growth_tracker", 0.0));
        return scaler;
    }

    private TrainerState train(CausalLM model, TrainingArguments arguments, Precision precision, GradScaler scaler) {
        return train(model, arguments, precision, scaler, null, null);
    }

    private TrainerState train(
            CausalLM model,
            TrainingArguments arguments,
            Precision precision,
            GradScaler scaler,
            LossFunction loss,
            Path checkpoint) {
        Trainer.Builder builder = Trainer.builder(model, arguments)
                .trainDataset(TinyRun.TRAIN)
                .callback(event -> {
                    events.add(event);
                    return TrainerCallback.Decision.CONTINUE;
                });
        TrainingSetup setup = (loss == null ? builder : builder.computeLossFunc(loss)).setup();
        RandomState.manualSeed(arguments.seed());
        StepPlan plan = setup.rows().plan(arguments);
        TrainerState state =
                checkpoint == null ? new TrainerState() : TrainerState.read(checkpoint.resolve(Checkpoints.STATE));
        state.begin(plan, arguments);
        setup.callbacks().begin(arguments, state);
        try (TrainingRun run = new TrainingRun(setup, plan, state, StepWatch.NONE, precision, scaler)) {
            if (checkpoint != null) {
                run.resume(checkpoint);
            }
            run.run();
        }
        return state;
    }

    private static List<Double> column(TrainerState state, String name) {
        return state.logHistory().stream()
                .map(row -> ((Number) row.get(name)).doubleValue())
                .toList();
    }

    private List<String> warnings() {
        return events.stream()
                .filter(TrainingEvent.Warning.class::isInstance)
                .map(event -> ((TrainingEvent.Warning) event).message())
                .toList();
    }

    @Test
    void lossesAndNormsAreThoseOfFp32Rounded() {
        try (CausalLM full = TinyModels.causalLM(1);
                CausalLM half = TinyModels.causalLM(1)) {
            TrainerState exact = train(full, arguments(), Precision.FLOAT32, GradScaler.of(Precision.FLOAT32));
            GradScaler scaler = GradScaler.of(Precision.FLOAT16);
            TrainerState rounded = train(half, arguments(), Precision.FLOAT16, scaler);
            for (String figure : List.of("loss", "grad_norm", "learning_rate")) {
                double[] expected =
                        column(exact, figure).stream().mapToDouble(v -> v).toArray();
                double[] found =
                        column(rounded, figure).stream().mapToDouble(v -> v).toArray();
                assertThat(found).as(figure).containsExactly(expected, within(0.02));
            }
            assertThat(TinyModels.weights(half))
                    .as("products were rounded")
                    .usingRecursiveComparison()
                    .isNotEqualTo(TinyModels.weights(full));
            assertThat(scaler.state()).containsEntry("_growth_tracker", 6.0);
            assertThat(warnings()).isEmpty();
        }
    }

    /** At a factor of 2^40 the first gradients overflow; each overflow halves it. */
    @Test
    void overflowSkipsTheStepAndItsPlaceInTheSchedule() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            Map<String, float[]> before = TinyModels.weights(model);
            GradScaler scaler = scaler(0x1p40);
            TrainerState state = train(model, arguments().maxSteps(3), Precision.FLOAT16, scaler);
            assertThat(TinyModels.weights(model)).usingRecursiveComparison().isEqualTo(before);
            assertThat(scaler.scale()).isEqualTo(0x1p37);
            assertThat(state.globalStep).isEqualTo(3);
            assertThat(column(state, "learning_rate")).containsExactly(0.0, 0.0, 0.0);
            assertThat(column(state, "loss")).allMatch(Double::isFinite);
            assertThat(column(state, "grad_norm")).containsExactly(0.0, 0.0, 0.0);
            assertThat(warnings())
                    .hasSize(3)
                    .first()
                    .isEqualTo("The gradients of step 1 overflow fp16 with the loss times 1099511627776; the step is"
                            + " skipped and the factor halved.");
        }
    }

    @Test
    void trainingBeginsOnceTheFactorFits() {
        try (CausalLM model = TinyModels.causalLM(1)) {
            GradScaler scaler = scaler(0x1p24);
            TrainerState state = train(model, arguments().maxSteps(20), Precision.FLOAT16, scaler);
            List<Integer> skipped = warnings().stream()
                    .map(text -> Integer.valueOf(text.replaceAll("The gradients of step (\\d+) overflow.*", "$1")))
                    .toList();
            assertThat(skipped).hasSizeBetween(2, 15).startsWith(1, 2);
            assertThat(scaler.scale()).isEqualTo(Math.scalb(0x1p24, -skipped.size()));
            LearningRateSchedule schedule = LearningRateSchedule.of(arguments().maxSteps(20), 20);
            List<Double> expected = new ArrayList<>();
            for (int step = 1, done = 0; step <= 20; step++) {
                expected.add(schedule.at(done));
                done += skipped.contains(step) ? 0 : 1;
            }
            assertThat(column(state, "learning_rate")).isEqualTo(expected);
            List<Double> losses = column(state, "loss");
            assertThat(losses.get(19)).isLessThan(losses.get(0));
        }
    }

    @Test
    void theFactorOutlivesAnInterruption() {
        TrainingArguments arguments =
                arguments().maxSteps(12).saveStrategy(SaveStrategy.STEPS).saveSteps(5);
        try (CausalLM model = TinyModels.causalLM(1);
                CausalLM resumed = TinyModels.causalLM(2)) {
            GradScaler whole = scaler(0x1p22);
            TrainerState state = train(model, arguments, Precision.FLOAT16, whole);
            GradScaler fresh = GradScaler.of(Precision.FLOAT16);
            TrainerState again = train(resumed, arguments, Precision.FLOAT16, fresh, null, out.resolve("checkpoint-5"));
            assertThat(fresh.state()).isEqualTo(whole.state());
            assertThat(TinyModels.weights(resumed)).usingRecursiveComparison().isEqualTo(TinyModels.weights(model));
            assertThat(column(again, "learning_rate")).isEqualTo(column(state, "learning_rate"));
        }
    }

    @Test
    void aLossThatIsNoNumberStopsTheRun() {
        LossFunction broken = (logits, labels, count) -> logits.sum().mul(new Scalar(Double.NaN));
        try (CausalLM model = TinyModels.causalLM(1)) {
            GradScaler scaler = GradScaler.of(Precision.FLOAT16);
            assertThatThrownBy(() -> train(model, arguments(), Precision.FLOAT16, scaler, broken, null))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageStartingWith("The loss of step 1 is NaN");
        }
    }

    /** Below a factor of 1 no smaller one helps: the numbers themselves are too large. */
    @Test
    void gradientsThatOverflowUnscaledStopTheRun() {
        LossFunction steep = (logits, labels, count) -> logits.sum().mul(new Scalar(1e6));
        try (CausalLM model = TinyModels.causalLM(1)) {
            GradScaler scaler = scaler(1);
            assertThatThrownBy(() -> train(model, arguments(), Precision.FLOAT16, scaler, steep, null))
                    .isInstanceOf(TrainerException.class)
                    .hasMessageStartingWith("The gradient norm of step 2 is ");
            assertThat(warnings()).hasSize(1);
        }
    }

    /** A loss of the user's own is scaled too: 1e5 overflows at the first factor, not at smaller ones. */
    @Test
    void anOwnLossIsScaled() {
        LossFunction own = (logits, labels, count) -> logits.mean().mul(new Scalar(1e5));
        try (CausalLM model = TinyModels.causalLM(1)) {
            GradScaler scaler = GradScaler.of(Precision.FLOAT16);
            train(model, arguments().maxSteps(20), Precision.FLOAT16, scaler, own, null);
            assertThat(warnings()).isNotEmpty().hasSizeLessThan(20);
        }
    }
}
