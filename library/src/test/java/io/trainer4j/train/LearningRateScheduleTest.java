package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LearningRateScheduleTest {
    /** transformers 5.17, get_scheduler(name, lr 0.1, num_warmup_steps, num_training_steps=8), get_last_lr before each step. */
    static Stream<Arguments> schedules() {
        return Stream.of(
                Arguments.of(SchedulerType.LINEAR, 0, List.of(0.1, 0.0875, 0.075, 0.0625, 0.05, 0.0375, 0.025, 0.0125)),
                Arguments.of(
                        SchedulerType.LINEAR,
                        3,
                        List.of(0.0, 0.03333333333333333, 0.06666666666666667, 0.1, 0.08, 0.06, 0.04, 0.02)),
                Arguments.of(
                        SchedulerType.COSINE,
                        0,
                        List.of(
                                0.1,
                                0.09619397662556434,
                                0.08535533905932738,
                                0.0691341716182545,
                                0.05,
                                0.030865828381745515,
                                0.014644660940672627,
                                0.0038060233744356634)),
                Arguments.of(
                        SchedulerType.COSINE,
                        3,
                        List.of(
                                0.0,
                                0.03333333333333333,
                                0.06666666666666667,
                                0.1,
                                0.09045084971874738,
                                0.06545084971874737,
                                0.03454915028125263,
                                0.009549150281252633)),
                Arguments.of(SchedulerType.CONSTANT, 3, List.of(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)),
                Arguments.of(SchedulerType.CONSTANT_WITH_WARMUP, 0, List.of(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)),
                Arguments.of(
                        SchedulerType.CONSTANT_WITH_WARMUP,
                        3,
                        List.of(0.0, 0.03333333333333333, 0.06666666666666667, 0.1, 0.1, 0.1, 0.1, 0.1)));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void followsTransformers(SchedulerType type, int warmupSteps, List<Double> expected) {
        LearningRateSchedule schedule = new LearningRateSchedule(type, 0.1, warmupSteps, 8);

        double[] rates = IntStream.range(0, 8).mapToDouble(schedule::at).toArray();

        double[] wanted = expected.stream().mapToDouble(rate -> rate).toArray();
        assertThat(rates).containsExactly(wanted, within(1e-16));
    }

    @Test
    void warmupAsLongAsTheRunIsNoDivisionByZero() {
        assertThat(new LearningRateSchedule(SchedulerType.COSINE, 1, 4, 4).at(3))
                .isEqualTo(0.75);
        assertThat(new LearningRateSchedule(SchedulerType.LINEAR, 1, 4, 4).at(4))
                .isZero();
    }
}
