package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainer4j.UsageException;
import io.trainer4j.tensor.Scope;
import io.trainer4j.testing.TinyModels;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static final int[] LONG = {3, 9, 27, 5, 50, 11, 8};
    private static final int[] SHORT = {7, 44};
    private static final String DOWN = "model.layers.1.mlp.down_proj.weight";
    private static final String OUTPUT = "model.layers.0.self_attn.o_proj.weight";

    private final CausalLM model = TinyModels.causalLM(3);

    @AfterEach
    void close() {
        model.close();
    }

    private Tensor weight(String name) {
        return model.parameters().get(name);
    }

    private double[] channels(int[]... rows) {
        return Calibration.of(model, List.of(rows)).ofChannels(1, weight(DOWN));
    }

    private void scale(String name, int column, double factor) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            weight(name).narrow(1, column, 1).mul_(new Scalar(factor));
        }
    }

    @Test
    void rowsAddUpTokenByToken() {
        double[] both = channels(LONG, SHORT);
        double[] first = channels(LONG);
        double[] second = channels(SHORT);
        assertThat(both).hasSize(32);
        for (int i = 0; i < both.length; i++) {
            assertThat(both[i]).isCloseTo(Math.hypot(first[i], second[i]), within(1e-5 * both[i]));
        }
    }

    @Test
    void aRowWithoutTokensIsPassedOver() {
        assertThat(channels(new int[0], SHORT)).isEqualTo(channels(SHORT));
        assertThatThrownBy(() -> channels(new int[0]))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("There are no calibration rows");
    }

    @Test
    void whatIsReadMoreCountsMoreAndWhatNobodyReadsNothing() {
        double before = channels(LONG)[4];
        scale(DOWN, 4, 3);
        scale(DOWN, 5, 0);
        double[] after = channels(LONG);
        assertThat(after[4]).isCloseTo(3 * before, within(1e-5 * before));
        assertThat(after[5]).isZero();
        assertThat(Arrays.stream(after).filter(count -> count == 0)).hasSize(1);
    }

    @Test
    void inputsOfAttentionsOutputCountInTheSameWay() {
        double[] before = Calibration.of(model, List.of(LONG)).ofAttention(0, weight(OUTPUT));
        scale(OUTPUT, 2, 5);
        double[] after = Calibration.of(model, List.of(LONG)).ofAttention(0, weight(OUTPUT));
        assertThat(after).hasSize(16);
        for (int i = 0; i < after.length; i++) {
            assertThat(after[i]).isCloseTo(i == 2 ? 5 * before[i] : before[i], within(1e-5 * after[i]));
        }
    }

    @Test
    void similarityIsTheMeanOverTokensAndOneWhereALayerAddsNothing() {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            weight(OUTPUT).zero_();
            weight("model.layers.0.mlp.down_proj.weight").zero_();
        }
        double[] both = Calibration.of(model, List.of(LONG, SHORT)).similarity();
        double first = Calibration.of(model, List.of(LONG)).similarity()[1];
        double second = Calibration.of(model, List.of(SHORT)).similarity()[1];
        assertThat(both[0]).isCloseTo(1, within(1e-6));
        assertThat(both[1]).isBetween(-1.0, 0.999).isCloseTo((7 * first + 2 * second) / 9, within(1e-6));
        assertThat(first).isNotCloseTo(second, within(1e-4));
    }
}
