package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.model.Precision;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The factor moves as torch.amp.GradScaler's does with its defaults. */
class GradScalerTest {
    private final GradScaler scaler = GradScaler.of(Precision.FLOAT16);

    private void update(int times, boolean foundInf) {
        for (int i = 0; i < times; i++) {
            scaler.update(foundInf);
        }
    }

    @Test
    void doublesAfterTwoThousandFiniteSteps() {
        assertThat(scaler.scale()).isEqualTo(65536);
        update(1999, false);
        assertThat(scaler.scale()).isEqualTo(65536);
        update(1, false);
        assertThat(scaler.scale()).isEqualTo(131072);
        update(2000, false);
        assertThat(scaler.scale()).isEqualTo(262144);
    }

    @Test
    void halvesAtEveryOverflowAndCountsAnew() {
        update(1999, false);
        update(2, true);
        assertThat(scaler.scale()).isEqualTo(16384);
        update(1999, false);
        assertThat(scaler.scale()).isEqualTo(16384);
        update(1, false);
        assertThat(scaler.scale()).isEqualTo(32768);
    }

    @Test
    void neverGrowsToInfinity() {
        scaler.restore(Map.of("scale", 0x1p127, "_growth_tracker", 1999.0));
        update(1, false);
        assertThat(scaler.scale()).isEqualTo(0x1p127);
        update(1, true);
        assertThat(scaler.scale()).isEqualTo(0x1p126);
    }

    @Test
    void goesOnFromItsState() {
        update(1, true);
        update(1500, false);
        GradScaler other = GradScaler.of(Precision.FLOAT16);
        other.restore(scaler.state());
        assertThat(other.scale()).isEqualTo(32768);
        for (int i = 0; i < 500; i++) {
            other.update(false);
        }
        assertThat(other.scale()).isEqualTo(65536);
    }

    @Test
    void aRunThatWasNotScaledLeavesItAtItsStart() {
        scaler.restore(Map.of());
        assertThat(scaler.scale()).isEqualTo(65536);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "FLOAT16")
    void otherPrecisionsAreNotScaled(Precision precision) {
        GradScaler none = GradScaler.of(precision);
        none.update(true);
        none.restore(Map.of("scale", 8.0, "_growth_tracker", 0.0));
        assertThat(none.isEnabled()).isFalse();
        assertThat(none.scale()).isEqualTo(1);
        assertThat(none.state()).isEmpty();
    }
}
