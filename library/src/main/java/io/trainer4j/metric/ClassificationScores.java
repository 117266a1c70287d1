package io.trainer4j.metric;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Everything that is measured about a classifier with one label per row, added up row by row. */
public final class ClassificationScores {
    private final ConfusionMatrix confusion;
    private final Calibration calibration = new Calibration();
    private final RocAuc[] areas;

    /** Nothing measured yet. */
    public ClassificationScores(int classes) {
        confusion = new ConfusionMatrix(classes);
        areas = IntStream.range(0, classes).mapToObj(c -> new RocAuc()).toArray(RocAuc[]::new);
    }

    /**
     * Adds one row.
     *
     * @param logits one score per class, before softmax
     */
    public void add(float[] logits, int label) {
        double[] probabilities = softmax(logits);
        int predicted = 0;
        for (int c = 1; c < logits.length; c++) {
            predicted = logits[c] > logits[predicted] ? c : predicted;
        }
        confusion.add(label, predicted);
        calibration.add(probabilities[predicted], predicted == label);
        for (int c = 0; c < areas.length; c++) {
            areas[c].add(probabilities[c], c == label);
        }
    }

    private static double[] softmax(float[] logits) {
        double largest = IntStream.range(0, logits.length)
                .mapToDouble(c -> logits[c])
                .max()
                .orElse(0);
        double[] exponentials = IntStream.range(0, logits.length)
                .mapToDouble(c -> Math.exp(logits[c] - largest))
                .toArray();
        double sum = Arrays.stream(exponentials).sum();
        return Arrays.stream(exponentials).map(e -> e / sum).toArray();
    }

    public ConfusionMatrix confusion() {
        return confusion;
    }

    public Calibration calibration() {
        return calibration;
    }

    /** The area under the ROC curve of one class against the rest; empty where all rows or none are of the class. */
    public OptionalDouble rocAuc(int label) {
        return areas[label].area();
    }

    /**
     * For two classes the area of class 1; else the mean of all classes against the rest ({@code roc_auc_score} with
     * {@code multi_class="ovr"}). Empty where a class has no rows or all.
     */
    public OptionalDouble rocAuc() {
        if (areas.length == 2) {
            return areas[1].area();
        }
        double sum = 0;
        for (RocAuc area : areas) {
            if (area.area().isEmpty()) {
                return OptionalDouble.empty();
            }
            sum += area.area().getAsDouble();
        }
        return OptionalDouble.of(sum / areas.length);
    }

    /**
     * All figures by name: {@code accuracy}, {@code precision_macro}, {@code recall_macro}, {@code f1_macro} and the same
     * for {@code micro} and {@code weighted}, {@code roc_auc} where it is defined, {@code calibration_error}.
     */
    public Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("accuracy", confusion.accuracy());
        for (Average average : Average.values()) {
            ClassScores scores = confusion.average(average);
            String suffix = "_" + average.name().toLowerCase(Locale.ROOT);
            values.put("precision" + suffix, scores.precision());
            values.put("recall" + suffix, scores.recall());
            values.put("f1" + suffix, scores.f1());
        }
        rocAuc().ifPresent(area -> values.put("roc_auc", area));
        values.put("calibration_error", calibration.error());
        return values;
    }
}
