package io.trainer4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassLabelsTest {
    private static final List<String> UNNAMED = List.of("LABEL_0", "LABEL_1");

    @Test
    void newLabelsAreThoseOfTheDataNumbersByValueThenNames() {
        ClassLabels labels =
                ClassLabels.toTrain(UNNAMED, "label", List.of("9", "b", "10", "1a", "-2", "a", "9", 3L, true));
        assertThat(labels.names()).containsExactly("-2", "3", "9", "10", "1a", "a", "b", "true");
        assertThat(labels.ofModel()).isFalse();
        assertThat(labels.id("10")).isEqualTo(3);
        assertThat(labels.id(3L)).isEqualTo(1);
    }

    @Test
    void theModelsOwnNamesStayInItsOrder() {
        List<String> model = List.of("心内科", "内分泌科", "儿科");
        ClassLabels labels = ClassLabels.toTrain(model, "label", List.of("儿科", "心内科"));
        assertThat(labels.names()).isEqualTo(model);
        assertThat(labels.ofModel()).isTrue();
    }

    @Test
    void oneLabelAloneTeachesNothing() {
        assertThatThrownBy(() -> ClassLabels.toTrain(UNNAMED, "label", List.of("x", "x")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Every row has the label \"x\" in the column label");
    }

    @Test
    void anEmptyCellIsNoLabel() {
        assertThatThrownBy(() -> ClassLabels.toTrain(UNNAMED, "label", Arrays.asList("x", null)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Row 2 has no label");
    }

    @Test
    void measuringTakesNumbersForTheClassesOfAModelWithoutNames() {
        ClassLabels labels = ClassLabels.toMeasure(UNNAMED, "label", List.of("1", "1"));
        assertThat(labels.ofModel()).isTrue();
        assertThat(labels.id("1")).isEqualTo(1);
    }

    @Test
    void measuringRefusesALabelTheModelDoesNotKnow() {
        assertThatThrownBy(() -> ClassLabels.toMeasure(List.of("好", "坏"), "label", List.of("好", "环")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("\"环\" in the column label, which is none of [好, 坏]");
        assertThatThrownBy(() -> ClassLabels.toMeasure(UNNAMED, "label", List.of("0", "2")))
                .isInstanceOf(UsageException.class);
    }

    @Test
    void thePlanShowsTenLabelsAtMost() {
        List<String> many = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
        assertThat(ClassLabels.toTrain(UNNAMED, "label", many).decision().value())
                .isEqualTo("a, b, c, d, e, f, g, h, i, j and 2 more");
    }
}
