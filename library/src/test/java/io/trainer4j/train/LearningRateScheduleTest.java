package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every schedule against the rates transformers 5.17 gave; src/test/golden/schedules.py recorded them. */
class LearningRateScheduleTest {
    private static final JsonNode GOLDEN = golden();

    private static JsonNode golden() {
        try (InputStream stream =
                LearningRateScheduleTest.class.getResourceAsStream("/golden/arguments/schedules.json")) {
            return JsonMapper.shared().readTree(stream);
        } catch (IOException e) {
            throw new LinkageError("schedules.json", e);
        }
    }

    private static Stream<Arguments> cases() {
        return GOLDEN.path("cases")
                .valueStream()
                .map(test -> Arguments.of(
                        test.path("type").asString(),
                        test.path("warmup_steps").asInt(),
                        JsonMapper.shared()
                                .convertValue(test.path("kwargs"), new TypeReference<Map<String, Object>>() {}),
                        JsonMapper.shared().convertValue(test.path("rates"), double[].class)));
    }

    private static LearningRateSchedule schedule(String type, double warmup, Map<String, Object> settings) {
        return LearningRateSchedule.of(
                new TrainingArguments()
                        .learningRate(GOLDEN.path("peak").asDouble())
                        .lrSchedulerType(SchedulerType.valueOf(type.toUpperCase(Locale.ROOT)))
                        .lrSchedulerKwargs(settings)
                        .warmupSteps(warmup),
                GOLDEN.path("steps").asInt());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void followsTransformers(String type, int warmup, Map<String, Object> settings, double[] expected) {
        LearningRateSchedule schedule = schedule(type, warmup, settings);

        double[] rates = new double[expected.length];
        for (int step = 0; step < rates.length; step++) {
            rates[step] = schedule.at(step);
            schedule.evaluated(GOLDEN.path("metrics").path(step).asDouble());
        }

        assertThat(rates).containsExactly(expected, within(1e-16));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void goesOnFromItsState(String type, int warmup, Map<String, Object> settings, double[] expected) {
        LearningRateSchedule schedule = schedule(type, warmup, settings);
        for (int step = 0; step < expected.length; step++) {
            LearningRateSchedule resumed = schedule(type, warmup, settings);
            if (!schedule.state().isEmpty()) {
                resumed.restore(schedule.state());
            }
            schedule = resumed;
            assertThat(schedule.at(step)).isCloseTo(expected[step], within(1e-16));
            schedule.evaluated(GOLDEN.path("metrics").path(step).asDouble());
        }
    }

    @Test
    void everyTypeIsRecorded() {
        assertThat(cases().map(test -> test.get()[0].toString().toUpperCase(Locale.ROOT)))
                .contains(Arrays.stream(SchedulerType.values()).map(Enum::name).toArray(String[]::new));
    }

    @Test
    void warmupAsLongAsTheRunIsNoDivisionByZero() {
        assertThat(schedule("cosine", 12, Map.of()).at(9)).isCloseTo(0.075, within(1e-16));
        assertThat(schedule("linear", 12, Map.of()).at(12)).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cosine | num_cycle | 1 | Option lr_scheduler_kwargs has no setting num_cycle for cosine; there are num_cycles.
            linear | power | 1 | Option lr_scheduler_kwargs has no setting power for linear; leave it out.
            cosine | num_cycles | x | Setting num_cycles of option lr_scheduler_kwargs is 'x' but must be a number.
            greedy | patience | 1.5 | Setting patience of option lr_scheduler_kwargs is '1.5' but must be a whole number.
            greedy | mode | most | Setting mode of option lr_scheduler_kwargs is 'most' but must be one of max, min.
            polynomial | lr_end | 1 | Setting lr_end of option lr_scheduler_kwargs is 1.0 but must be below the learning_rate 0.1.
            cosine_with_min_lr | num_cycles | 1 | Option lr_scheduler_kwargs must have one of min_lr and min_lr_rate for this lr_scheduler_type; set {"min_lr_rate": 0.1}, for example.
            warmup_stable_decay | min_lr_ratio | 0.1 | Option lr_scheduler_kwargs lacks num_decay_steps; it says over how many steps the rate falls at the end.
            """)
    void wrongSettingsAreNamed(String type, String name, String value, String message) {
        assertThatThrownBy(() -> schedule(type, 0, Map.of(name, value)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
