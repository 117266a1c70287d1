package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingArgumentsRulesTest {
    private static final TrainingArguments DEFAULTS = new TrainingArguments();
    private static final TrainingArguments BEST = DEFAULTS.loadBestModelAtEnd(true);

    @ParameterizedTest
    // Python: int(w) if w >= 1 else math.ceil(total * w), as get_warmup_steps of transformers 5.17.0 does.
    @CsvSource({"0, 100, 0", "0.07, 100, 8", "0.06, 350, 21", "0.03, 33, 1", "1, 100, 1", "2.9, 100, 2", "500, 10, 500"
    })
    void stepsBelowOneAreARatio(double given, int total, int expected) {
        assertThat(DEFAULTS.warmupSteps(given).warmupStepsOf(total)).isEqualTo(expected);
        if (given > 0) {
            assertThat(DEFAULTS.loggingSteps(given).loggingStepsOf(total)).isEqualTo(expected);
            assertThat(DEFAULTS.evalSteps(given).evalStepsOf(total)).isEqualTo(expected);
            assertThat(DEFAULTS.saveSteps(given).saveStepsOf(total)).isEqualTo(expected);
        }
    }

    @Test
    void evalStepsFollowLoggingSteps() {
        assertThat(DEFAULTS.loggingSteps(0.1).evalStepsOf(200)).isEqualTo(20);
        assertThat(DEFAULTS.loggingSteps(0.1).evalSteps(7).evalStepsOf(200)).isEqualTo(7);
    }

    @Test
    void theBestMetricIsTheLossUnlessNamed() {
        assertThat(DEFAULTS.bestMetric()).isEmpty();
        assertThat(BEST.bestMetric()).contains("eval_loss");
        assertThat(BEST.metricForBestModel("f1").bestMetric()).contains("eval_f1");
        assertThat(DEFAULTS.metricForBestModel("eval_f1").bestMetric()).contains("eval_f1");
    }

    @Test
    void lossesAreBestWhenSmallest() {
        assertThat(BEST.bestIsGreatest()).isFalse();
        assertThat(BEST.metricForBestModel("my_loss").bestIsGreatest()).isFalse();
        assertThat(BEST.metricForBestModel("f1").bestIsGreatest()).isTrue();
        assertThat(BEST.metricForBestModel("f1").greaterIsBetter(false).bestIsGreatest())
                .isFalse();
        assertThat(BEST.greaterIsBetter(true).bestIsGreatest()).isTrue();
    }

    @Test
    void theShuffleSeedFollowsTheSeed() {
        assertThat(DEFAULTS.seed(1).shuffleSeed()).isEqualTo(1);
        assertThat(DEFAULTS.seed(1).dataSeed(2).shuffleSeed()).isEqualTo(2);
    }

    @Test
    void defaultsAreValid() {
        DEFAULTS.validate();
    }

    @Test
    void stepsAboveOneMustBeWhole() {
        assertInvalid(
                DEFAULTS.loggingSteps(1.5),
                "Option logging_steps is 1.5 but must be a whole number, or below 1 to be a ratio of all steps.");
        assertInvalid(
                DEFAULTS.saveSteps(2.5),
                "Option save_steps is 2.5 but must be a whole number, or below 1 to be a ratio of all steps.");
        assertInvalid(
                DEFAULTS.evalStrategy(IntervalStrategy.STEPS).evalSteps(10.5),
                "Option eval_steps is 10.5 but must be a whole number, or below 1 to be a ratio of all steps.");
        DEFAULTS.evalSteps(10.5).validate();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a\\b", "..", ".", " ", ""})
    void aRunNameNamesAFolder(String name) {
        assertInvalid(
                DEFAULTS.runName(name),
                "Option run_name is '" + name
                        + "' but names a folder below output_dir/runs; give a name without / and \\.");
        DEFAULTS.runName("夜 1.0").validate();
    }

    @Test
    void watchesOfOtherDevicesAreRefused() {
        assertInvalid(
                DEFAULTS.debug(List.of("underflow_overflow", "tpu_metrics_debug")),
                "Option debug is 'tpu_metrics_debug' but must be underflow_overflow; other watches are for TPUs, and the"
                        + " model is trained on the CPU.");
        DEFAULTS.debug(List.of("underflow_overflow")).validate();
        DEFAULTS.debug(List.of("")).validate();
    }

    @ParameterizedTest
    @CsvSource({
        "PASSIVE, true, true",
        "DETAIL, true, true",
        "DEBUG, true, true",
        "INFO, true, true",
        "WARNING, false, true",
        "ERROR, false, false",
        "CRITICAL, false, false"
    })
    void aLevelTellsWhatIsAsGraveOrGraver(LogLevel level, boolean informs, boolean warns) {
        assertThat(level.informs()).isEqualTo(informs);
        assertThat(level.warns()).isEqualTo(warns);
    }

    @Test
    void dftHasNoSmoothing() {
        assertInvalid(
                DEFAULTS.lossType(LossType.DFT).labelSmoothingFactor(0.1),
                "Option loss_type dft has no place for label_smoothing_factor, which TRL passes over with it; leave one of"
                        + " the two out.");
        DEFAULTS.lossType(LossType.DFT).validate();
    }

    @Test
    void theBestModelNeedsAnEvaluationAtEachCheckpoint() {
        assertInvalid(
                BEST.evalStrategy(IntervalStrategy.EPOCH),
                "Option load_best_model_at_end needs the same eval_strategy and save_strategy, not epoch and steps;"
                        + " set both to epoch or to steps.");
        BEST.evalStrategy(IntervalStrategy.EPOCH)
                .saveStrategy(SaveStrategy.EPOCH)
                .saveSteps(3)
                .evalSteps(2)
                .validate();
    }

    @ParameterizedTest
    // Accepted by TrainingArguments of transformers 5.17.0 as well.
    @CsvSource({"500, 500", "500, 250", "0.3, 0.1", "0.14, 0.07", "0.5, 0.5"})
    void checkpointsAtEvaluationsAreValid(double saveSteps, double evalSteps) {
        BEST.evalStrategy(IntervalStrategy.STEPS)
                .saveSteps(saveSteps)
                .evalSteps(evalSteps)
                .validate();
    }

    @ParameterizedTest
    // Refused by TrainingArguments of transformers 5.17.0 too, but for the last row: 500 % 0.5 is 0 there.
    @CsvSource({"500, 200", "100, 500", "0.25, 0.1", "0.5, 100", "500, 0.3", "500, 0.5"})
    void checkpointsBetweenEvaluationsAreInvalid(double saveSteps, double evalSteps) {
        assertInvalid(
                BEST.evalStrategy(IntervalStrategy.STEPS).saveSteps(saveSteps).evalSteps(evalSteps),
                "Option load_best_model_at_end needs a save_steps that is a multiple of eval_steps, both steps or both"
                        + " ratios, not %s and %s; set both to the same.".formatted(saveSteps, evalSteps));
    }

    @Test
    void loggingStepsStandInForEvalStepsInTheCheck() {
        TrainingArguments byLogging = BEST.evalStrategy(IntervalStrategy.STEPS).saveSteps(100);

        byLogging.loggingSteps(50).validate();
        assertThatThrownBy(() -> byLogging.loggingSteps(30).validate()).isInstanceOf(UsageException.class);
    }

    @Test
    void deviceOptionsAreChecked() {
        assertInvalid(DEFAULTS.fp16(true).bf16(true), "Options fp16 and bf16 exclude each other; leave fp16 out.");
        assertInvalid(
                DEFAULTS.fp16(true).pureBf16(true), "Options fp16 and pure_bf16 exclude each other; leave fp16 out.");
        assertInvalid(
                DEFAULTS.fp16FullEval(true).useCpu(true),
                "Option fp16 needs a GPU, and the model is trained on the CPU; use bf16 instead.");
        DEFAULTS.bf16(true).bf16FullEval(true).validate();
    }

    @Test
    void prefetchingNeedsWorkers() {
        assertInvalid(
                DEFAULTS.dataloaderPrefetchFactor(2),
                "Option dataloader_prefetch_factor needs dataloader_num_workers above 0; set that too, or leave both"
                        + " out.");
        DEFAULTS.dataloaderPrefetchFactor(2).dataloaderNumWorkers(1).validate();
    }

    @Test
    void schedulesThatFollowAMetricNeedEvaluations() {
        TrainingArguments plateau = DEFAULTS.lrSchedulerType(SchedulerType.REDUCE_LR_ON_PLATEAU);

        assertInvalid(
                plateau,
                "Option lr_scheduler_type reduce_lr_on_plateau needs evaluations to follow; set eval_strategy to epoch"
                        + " or steps.");
        plateau.evalStrategy(IntervalStrategy.EPOCH).validate();
        assertThat(plateau.bestMetric()).contains("eval_loss");
    }

    private static void assertInvalid(TrainingArguments arguments, String message) {
        assertThatThrownBy(arguments::validate)
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
