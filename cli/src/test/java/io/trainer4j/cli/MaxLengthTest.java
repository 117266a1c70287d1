package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import io.trainer4j.model.ModelConfig;
import org.junit.jupiter.api.Test;

class MaxLengthTest {
    @Test
    void unsetItIsWhatTheModelHasUpTo1024() {
        assertThat(MaxLength.of(null, false, positions(512)).tokens()).isEqualTo(512);
        assertThat(MaxLength.of(null, false, positions(32768)).tokens()).isEqualTo(1024);
    }

    @Test
    void aGivenLengthCountsAsFarAsTheModelHasPositions() {
        assertThat(MaxLength.of(2048, false, positions(2048)).tokens()).isEqualTo(2048);
        assertThat(MaxLength.of(2048, false, positions(2048)).decision().reason())
                .isEqualTo("--max-length");
        assertThatThrownBy(() -> MaxLength.of(2049, true, positions(2048)))
                .isInstanceOf(UsageException.class)
                .hasMessage("--max-length 2049 is more than the 2048 positions the model has; lower it.");
    }

    /** Python writes all defaults down: such a file asks for 1024 tokens of a model that has fewer positions. */
    @Test
    void theDefaultInAFileIsCutToThePositionsAndOneWrittenByHandIsNot() {
        MaxLength cut = MaxLength.of(1024, true, positions(512));
        assertThat(cut.tokens()).isEqualTo(512);
        assertThat(cut.decision().reason())
                .isEqualTo("the file has the default, 1024; the model has positions for 512");
        assertThat(MaxLength.of(1024, true, positions(1024)).decision().reason())
                .isEqualTo("--max-length");
        assertThatThrownBy(() -> MaxLength.of(1024, false, positions(512)))
                .hasMessage("--max-length 1024 is more than the 512 positions the model has; lower it.");
    }

    private static ModelConfig positions(int positions) {
        return ModelConfig.qwen2(300, 16, 16, 1, 2, 1, positions, 299, 297);
    }
}
