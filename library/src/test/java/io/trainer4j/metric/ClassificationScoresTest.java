package io.trainer4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ClassificationScoresTest {
    static List<JsonNode> cases() {
        return Golden.cases("classification");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void figuresAreThoseOfScikitLearn(JsonNode golden) {
        ClassificationScores scores = scores(golden);
        JsonNode expected = golden.path("expected");
        assertThat(scores.values().keySet()).containsExactlyInAnyOrderElementsOf(expected.propertyNames());
        scores.values()
                .forEach((name, value) ->
                        assertThat(value).as(name).isCloseTo(expected.path(name).asDouble(), within(1e-12)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void eachClassAndEachCellOfTheMatrixToo(JsonNode golden) {
        ConfusionMatrix confusion = scores(golden).confusion();
        for (int label = 0; label < confusion.classes(); label++) {
            JsonNode each = golden.path("per_class").path(label);
            ClassScores of = confusion.of(label);
            assertThat(new double[] {of.precision(), of.recall(), of.f1(), of.support()})
                    .containsExactly(
                            IntStream.range(0, 4)
                                    .mapToDouble(i -> each.path(i).asDouble())
                                    .toArray(),
                            within(1e-12));
            for (int predicted = 0; predicted < confusion.classes(); predicted++) {
                assertThat(confusion.count(label, predicted))
                        .isEqualTo(golden.path("confusion")
                                .path(label)
                                .path(predicted)
                                .asLong());
            }
        }
    }

    private static ClassificationScores scores(JsonNode golden) {
        JsonNode logits = golden.path("logits");
        ClassificationScores scores = new ClassificationScores(logits.path(0).size());
        for (int row = 0; row < logits.size(); row++) {
            float[] values = new float[logits.path(row).size()];
            for (int c = 0; c < values.length; c++) {
                values[c] = logits.path(row).path(c).floatValue();
            }
            scores.add(values, golden.path("labels").path(row).asInt());
        }
        return scores;
    }

    @Test
    void aCurveNeedsRowsOfBothKinds() {
        RocAuc area = new RocAuc();
        area.add(0.5, true);
        assertThat(area.area()).isEmpty();
        area.add(0.5, false);
        assertThat(area.area()).hasValue(0.5);
        area.add(0.4, false);
        assertThat(area.area()).hasValue(0.75);
    }

    @Test
    void aBinHoldsItsUpperBound() {
        Calibration calibration = new Calibration();
        calibration.add(1, true);
        calibration.add(14 / 15.0, false);
        assertThat(calibration.bins()).hasSize(15);
        assertThat(calibration.bins().get(14)).isEqualTo(new Calibration.Bin(1, 1, 1));
        assertThat(calibration.bins().get(13)).isEqualTo(new Calibration.Bin(1, 14 / 15.0, 0));
        assertThat(calibration.error()).isCloseTo(7 / 15.0, within(1e-12));
    }
}
