package io.trainer4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.TrainerException;
import io.trainer4j.metric.ClassificationScores;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationReportTest {
    @TempDir
    Path folder;

    @Test
    void dataIsEscapedWhereverItStands() throws IOException {
        String evil = "</td><script>alert('x' & \"y\")</script>";
        String escaped = "&lt;/td&gt;&lt;script&gt;alert(&#39;x&#39; &amp; &quot;y&quot;)&lt;/script&gt;";
        EvaluationReport report = new EvaluationReport(evil);
        report.addFigures(Map.of(evil, 1.5));
        report.addClassification(scores(), List.of(evil, "好"));
        report.addAnswers(List.of(new EvaluationReport.Answer(evil, evil, evil)));
        String page = write(report);
        assertThat(page).doesNotContain("<script");
        // title and heading; a figure; class, and row and column of the matrix; three of the answer
        assertThat(page.split(Pattern.quote(escaped), -1)).hasSize(1 + 2 + 1 + 3 + 3);
    }

    @Test
    void classifiersHaveTheirTablesAndCalibration() throws IOException {
        EvaluationReport report = new EvaluationReport("Evaluation");
        report.addFigures(Map.of("eval_accuracy", 0.75));
        report.addClassification(scores(), List.of("坏", "好"));
        String page = write(report);
        assertThat(page)
                .contains("<td>eval_accuracy</td><td class=\"number\">0.7500</td>")
                .contains("<td>坏</td><td class=\"number\">1.0000</td><td class=\"number\">0.5000</td>")
                .contains("rgba(31, 119, 180, 0.35)\">1</td>")
                .contains("<rect class=\"bar\"", "Expected calibration error: 0.");
    }

    /** Nothing is loaded from anywhere, and every drawing is well-formed. */
    @Test
    void thePageStandsAlone() throws Exception {
        EvaluationReport report = new EvaluationReport("Evaluation");
        report.addLosses(LossCurve.of(List.of(
                Map.of("step", 1, "loss", 3.0), Map.of("step", 2, "loss", 2.0), Map.of("step", 2, "eval_loss", 2.5))));
        report.addClassification(scores(), List.of("坏", "好"));
        String page = write(report);
        assertThat(page).doesNotContain("http", "src=", "href", "url(", "@import", "<script");
        Matcher drawings = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(page);
        int count = 0;
        while (drawings.find()) {
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(drawings.group().getBytes(StandardCharsets.UTF_8)));
            count++;
        }
        assertThat(count).isEqualTo(2);
        assertThat(page).contains("evaluation loss", "training loss", "prefers-color-scheme");
    }

    @Test
    void aRunWithoutLossesHasNoChart() throws IOException {
        Path state = Files.writeString(folder.resolve("trainer_state.json"), "{\"log_history\": []}");
        EvaluationReport report = new EvaluationReport("Evaluation");
        report.addLosses(LossCurve.read(state));
        assertThat(write(report)).doesNotContain("<svg");
        Files.writeString(state, "{\"log_history\": [{\"step\": 3, \"loss\": 1.5}]}");
        assertThat(LossCurve.read(state).series()).hasSize(1);
        Files.writeString(state, "{\"log_history\": [");
        assertThatThrownBy(() -> LossCurve.read(state))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("not a whole trainer_state.json");
    }

    private String write(EvaluationReport report) throws IOException {
        Path file = folder.resolve("report.html");
        report.write(file);
        return Files.readString(file);
    }

    private static ClassificationScores scores() {
        ClassificationScores scores = new ClassificationScores(2);
        scores.add(new float[] {2, 1}, 0);
        scores.add(new float[] {0, 3}, 0);
        scores.add(new float[] {0, 1}, 1);
        scores.add(new float[] {-1, 1}, 1);
        return scores;
    }
}
