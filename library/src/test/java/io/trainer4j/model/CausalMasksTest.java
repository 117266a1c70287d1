package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CausalMasksTest {
    private static final Pass PASS = Pass.of(Mode.EVAL);
    private static final int ALL = CausalMasks.UNLIMITED;

    @Test
    void aMaskLiesWhereAttentionIsComputed() {
        Device meta = new Device(DeviceType.Meta);
        try (Scope scope = Scope.open()) {
            CausalMasks masks = CausalMasks.of(padded("0011", "1111"), 0, PASS, meta, ALL);
            assertThat(Device.of(masks.within(ALL))).isEqualTo(meta);
        }
    }

    /** On the CPU, where libtorch's kernels for 16 bits are the slower ones. */
    @Test
    void attentionIsRoundedOnAGpuOnly() {
        Device meta = new Device(DeviceType.Meta);
        try (Scope scope = Scope.open()) {
            Tensor here = TensorData.zeros(1, 1, 2, 4);
            assertThat(Precision.FLOAT16.forAttention(here)).isSameAs(here);
            Tensor there = meta.put(here);
            assertThat(Precision.FLOAT32.forAttention(there)).isSameAs(there);
            Tensor rounded = Precision.FLOAT16.forAttention(there);
            assertThat(rounded.scalar_type().intern()).isEqualTo(ScalarType.Half);
            assertThat(Precision.FLOAT16.afterAttention(rounded).scalar_type().intern())
                    .isEqualTo(ScalarType.Float);
        }
    }

    @Test
    void plainCausalityNeedsNoMask() {
        try (Scope scope = Scope.open()) {
            assertThat(CausalMasks.of(ModelInput.of(new int[5]), 0, PASS, Device.CPU, ALL)
                            .within(ALL))
                    .isNull();
            assertThat(CausalMasks.of(padded("11100", "11111"), 0, PASS, Device.CPU, ALL)
                            .within(ALL))
                    .as("padding on the right")
                    .isNull();
            assertThat(CausalMasks.of(ModelInput.of(new int[1]), 7, PASS, Device.CPU, ALL, 3)
                            .within(3))
                    .as("one token after cached ones")
                    .isNull();
            assertThat(CausalMasks.of(ModelInput.of(new int[4]), 0, PASS, Device.CPU, 4)
                            .within(4))
                    .as("a window as wide as the text")
                    .isNull();
        }
    }

    /** Tokens of the text, cached ones, window; rows see the columns marked 1. */
    @ParameterizedTest
    @CsvSource({
        "2, 3, 0, 11110 11111",
        "3, 1, 0, 1100 1110 1111",
        "4, 0, 2, 1000 1100 0110 0011",
        "4, 0, 1, 1000 0100 0010 0001",
        "5, 0, 3, 10000 11000 11100 01110 00111",
        "2, 3, 2, 00110 00011",
        "3, 2, 4, 11100 11110 01111"
    })
    void aMaskShowsWhatEachTokenSees(int length, int past, int window, String rows) {
        int size = window == 0 ? ALL : window;
        try (Scope scope = Scope.open()) {
            Tensor mask = CausalMasks.of(ModelInput.of(new int[length]), past, PASS, Device.CPU, size)
                    .within(size);
            assertThat(mask.shape()).containsExactly(length, past + length);
            assertThat(text(mask, past + length)).isEqualTo(rows);
        }
    }

    @Test
    void paddingOnTheLeftIsHidden() {
        try (Scope scope = Scope.open()) {
            Tensor mask = CausalMasks.of(padded("0011", "1111"), 0, PASS, Device.CPU, ALL)
                    .within(ALL);
            assertThat(mask.shape()).containsExactly(2, 1, 4, 4);
            assertThat(text(mask, 4)).isEqualTo("0000 0000 0010 0011 1000 1100 1110 1111");
        }
    }

    @Test
    void paddingOnTheRightIsHiddenWhereAWindowNeedsAMask() {
        try (Scope scope = Scope.open()) {
            Tensor mask =
                    CausalMasks.of(padded("110", "111"), 0, PASS, Device.CPU, 2).within(2);
            assertThat(text(mask, 3)).isEqualTo("100 110 010 100 110 011");
        }
    }

    @Test
    void everyWindowHasItsOwnMask() {
        try (Scope scope = Scope.open()) {
            CausalMasks masks = CausalMasks.of(ModelInput.of(new int[3]), 0, PASS, Device.CPU, 2, ALL, 2);
            assertThat(masks.within(ALL)).isNull();
            assertThat(text(masks.within(2), 3)).isEqualTo("100 110 011");
        }
    }

    private static ModelInput padded(String... masks) {
        int[][] mask = new int[masks.length][];
        for (int row = 0; row < masks.length; row++) {
            mask[row] = masks[row].chars().map(c -> c - '0').toArray();
        }
        return new ModelInput(new int[masks.length][masks[0].length()], mask, null);
    }

    private static String text(Tensor mask, int width) {
        StringBuilder text = new StringBuilder();
        long[] values = TensorData.toLongs(mask);
        for (int i = 0; i < values.length; i++) {
            text.append(i > 0 && i % width == 0 ? " " : "").append(values[i]);
        }
        return text.toString();
    }
}
