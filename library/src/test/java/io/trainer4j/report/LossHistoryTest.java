package io.trainer4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossHistoryTest {
    @TempDir
    Path folder;

    @Test
    void trainingAndEvaluationAreTwoLines() {
        LossCurve curve = LossCurve.of(List.of(
                Map.of("step", 10, "loss", 3, "learning_rate", 1e-3),
                Map.of("step", 10, "eval_loss", 2.5, "eval_runtime", 1.0),
                Map.of("step", 20, "loss", 2.0),
                Map.of("step", 20, "train_loss", 2.5, "train_runtime", 9.0)));
        assertThat(curve.isEmpty()).isFalse();
        assertThat(curve.series())
                .containsExactly(
                        new Series("training loss", List.of(new Series.Point(10, 3), new Series.Point(20, 2))),
                        new Series("evaluation loss", List.of(new Series.Point(10, 2.5))));
    }

    @Test
    void evaluationAloneIsALineToo() {
        assertThat(LossCurve.of(List.of(Map.of("step", 5, "eval_loss", 1.5))).series())
                .containsExactly(new Series("evaluation loss", List.of(new Series.Point(5, 1.5))));
        assertThat(LossCurve.of(List.of()).isEmpty()).isTrue();
    }

    @Test
    void whatIsNotANumberIsPassedOver() {
        assertThat(LossCurve.of(List.of(
                                Map.of("step", 1, "loss", "high"),
                                Map.of("step", 2, "loss", Double.POSITIVE_INFINITY),
                                Map.of("loss", 2.0),
                                Map.of("step", "three", "loss", 2.0),
                                Map.of("step", 4, "loss", 1.0f)))
                        .series())
                .containsExactly(new Series("training loss", List.of(new Series.Point(4, 1))));
    }

    /** Python and this library write NaN as it is; a run with one lost step still has a curve. */
    @Test
    void aHistoryWithNaNIsRead() throws IOException {
        LossCurve curve = read("{\"log_history\": [{\"step\": 1, \"loss\": NaN}, {\"step\": 2, \"loss\": 1.5},"
                + " {\"step\": 3, \"loss\": Infinity, \"grad_norm\": -Infinity}]}");
        assertThat(curve.series()).containsExactly(new Series("training loss", List.of(new Series.Point(2, 1.5))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"log_history\": null}", "{\"log_history\": []}", "{\"log_history\": [{}]}"})
    void aStateWithoutLossesHasNone(String content) throws IOException {
        assertThat(read(content).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "{\"log_history\": [1]}", "{\"log_history\": [{\"step\": 1}"})
    void aBrokenStateIsNamed(String content) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(TrainerException.class)
                .hasMessageStartingWith(folder.resolve("trainer_state.json") + " is not a whole trainer_state.json");
    }

    @Test
    void aStateThatIsMissingIsNamed() {
        assertThatThrownBy(() -> LossCurve.read(folder.resolve("nowhere.json")))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("nowhere.json");
    }

    private LossCurve read(String content) throws IOException {
        return LossCurve.read(
                Files.write(folder.resolve("trainer_state.json"), content.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theImageReplacesAnOlderOne() throws IOException {
        Path file = folder.resolve("loss.png");
        LossCurve.of(List.of(Map.of("step", 1, "loss", 2.0))).writePng(file);
        byte[] first = Files.readAllBytes(file);
        LossCurve.of(List.of(Map.of("step", 1, "loss", 2.0), Map.of("step", 9, "loss", 1.0)))
                .writePng(file);
        assertThat(Files.readAllBytes(file)).isNotEqualTo(first);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void thePointsOfASeriesAreCopied() {
        List<Series.Point> points = new java.util.ArrayList<>(List.of(new Series.Point(1, 2)));
        Series series = new Series("loss", points);
        points.clear();
        assertThat(series.points()).hasSize(1);
    }
}
