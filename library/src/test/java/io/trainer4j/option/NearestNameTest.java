package io.trainer4j.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
    private static final List<String> NAMES = List.of("learning_rate", "logging_steps", "eval_steps", "seed");

    @Test
    void findsNameWithInsertedRemovedReplacedOrSwappedLetters() {
        assertThat(NearestName.nearest("learnin_rate", NAMES)).contains("learning_rate");
        assertThat(NearestName.nearest("eval__steps", NAMES)).contains("eval_steps");
        assertThat(NearestName.nearest("sead", NAMES)).contains("seed");
        assertThat(NearestName.nearest("sede", NAMES)).contains("seed");
    }

    @Test
    void prefersTheSmallerDistance() {
        assertThat(NearestName.nearest("evaluation_strategy", List.of("save_strategy", "eval_strategy")))
                .contains("eval_strategy");
    }

    @Test
    void ignoresCase() {
        assertThat(NearestName.nearest("SEED", NAMES)).contains("seed");
    }

    @Test
    void findsNothingWhenMoreThanAThirdDiffers() {
        assertThat(NearestName.nearest("sxxd", NAMES)).isEmpty();
        assertThat(NearestName.nearest("banana", NAMES)).isEmpty();
        assertThat(NearestName.nearest("seed", List.of())).isEmpty();
    }
}
