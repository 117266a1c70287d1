package io.trainer4j.report;

import io.trainer4j.AtomicFile;
import io.trainer4j.metric.Calibration;
import io.trainer4j.metric.ClassScores;
import io.trainer4j.metric.ClassificationScores;
import io.trainer4j.metric.ConfusionMatrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** One HTML page about an evaluation, readable without a network; sections stand in the order they are added. */
public final class EvaluationReport {
    private final Html page;

    /** A page with nothing but its title. */
    public EvaluationReport(String title) {
        page = new Html(title);
    }

    /**
     * What a model answered.
     *
     * @param reference what it should have answered
     */
    public record Answer(String prompt, String generated, String reference) {}

    /** A table of names and values. */
    public void addFigures(Map<String, ?> figures) {
        page.heading("Figures");
        page.table(
                List.of("figure", "value"),
                figures.entrySet().stream()
                        .map(figure -> List.of(figure.getKey(), figure.getValue()))
                        .toList());
    }

    /** The losses of the run the model comes from, unless there are none. */
    public void addLosses(LossCurve losses) {
        if (!losses.isEmpty()) {
            page.heading("Losses in training");
            page.drawing(SvgChart.losses(losses.series()));
        }
    }

    /**
     * The figures of each class, the confusion matrix and the calibration.
     *
     * @param names of the classes, by id
     */
    public void addClassification(ClassificationScores scores, List<String> names) {
        addClasses(scores, names);
        addConfusion(scores.confusion(), names);
        Calibration calibration = scores.calibration();
        page.heading("Calibration");
        page.paragraph(
                "Bars end on the line where the model is right as often as it is sure. Expected calibration error: "
                        + String.format(Locale.ROOT, "%.4f", calibration.error()));
        page.drawing(SvgChart.calibration(calibration.bins()));
    }

    private void addClasses(ClassificationScores scores, List<String> names) {
        page.heading("Classes");
        List<List<Object>> rows = new ArrayList<>();
        for (int label = 0; label < names.size(); label++) {
            ClassScores of = scores.confusion().of(label);
            OptionalDouble area = scores.rocAuc(label);
            rows.add(List.of(
                    names.get(label),
                    new Html.Share(of.precision()),
                    new Html.Share(of.recall()),
                    new Html.Share(of.f1()),
                    of.support(),
                    area.isPresent() ? new Html.Share(area.getAsDouble()) : ""));
        }
        page.table(List.of("class", "precision", "recall", "F1", "rows", "ROC area"), rows);
    }

    private void addConfusion(ConfusionMatrix confusion, List<String> names) {
        page.heading("Confusion matrix");
        page.paragraph("Rows are true classes, columns are predictions.");
        List<String> header = new ArrayList<>(List.of(""));
        header.addAll(names);
        List<List<Object>> rows = new ArrayList<>();
        for (int label = 0; label < names.size(); label++) {
            List<Object> row = new ArrayList<>(List.of(names.get(label)));
            long support = Math.max(1, confusion.of(label).support());
            for (int predicted = 0; predicted < names.size(); predicted++) {
                long count = confusion.count(label, predicted);
                row.add(new Html.Shaded(count, (double) count / support));
            }
            rows.add(row);
        }
        page.matrix(header, rows);
    }

    /** Answers beside their references. */
    public void addAnswers(List<Answer> answers) {
        page.heading("Answers");
        page.table(
                List.of("", "prompt", "generated", "reference"),
                IntStream.range(0, answers.size())
                        .mapToObj(i -> List.<Object>of(
                                i + 1,
                                answers.get(i).prompt(),
                                answers.get(i).generated(),
                                answers.get(i).reference()))
                        .toList());
    }

    /**
     * Writes the page.
     *
     * @throws io.trainer4j.TrainerException if the file cannot be written
     */
    public void write(Path file) {
        AtomicFile.writeString(file, page.page());
    }
}
