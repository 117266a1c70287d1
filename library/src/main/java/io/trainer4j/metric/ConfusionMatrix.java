package io.trainer4j.metric;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Rows counted by true and predicted class, as {@code confusion_matrix} of scikit-learn 1.7 does, with the figures of its
 * {@code precision_recall_fscore_support}. Classes are numbered from 0.
 */
public final class ConfusionMatrix {
    private final long[][] counts;

    /** Nothing counted yet. */
    public ConfusionMatrix(int classes) {
        counts = new long[classes][classes];
    }

    /** Counts one row. */
    public void add(int label, int predicted) {
        counts[label][predicted]++;
    }

    public int classes() {
        return counts.length;
    }

    /** Rows of a class that were taken for another, or for itself. */
    public long count(int label, int predicted) {
        return counts[label][predicted];
    }

    /** All rows. */
    public long rows() {
        return IntStream.range(0, classes()).mapToLong(this::support).sum();
    }

    /** Share of rows whose class was found. */
    public double accuracy() {
        return (double) found() / rows();
    }

    private long found() {
        return IntStream.range(0, classes()).mapToLong(c -> counts[c][c]).sum();
    }

    private long support(int label) {
        return Arrays.stream(counts[label]).sum();
    }

    private long predicted(int predicted) {
        return Arrays.stream(counts).mapToLong(row -> row[predicted]).sum();
    }

    /** The figures of one class. */
    public ClassScores of(int label) {
        return ClassScores.of(counts[label][label], predicted(label), support(label));
    }

    /** The figures of all classes that occur as label or prediction, as scikit-learn leaves the others out. */
    public ClassScores average(Average average) {
        if (average == Average.MICRO) {
            return ClassScores.of(found(), rows(), rows());
        }
        double precision = 0;
        double recall = 0;
        double f1 = 0;
        double weights = 0;
        for (int label = 0; label < classes(); label++) {
            ClassScores scores = of(label);
            boolean occurs = scores.support() + predicted(label) > 0;
            double weight = average == Average.WEIGHTED ? scores.support() : occurs ? 1 : 0;
            precision += weight * scores.precision();
            recall += weight * scores.recall();
            f1 += weight * scores.f1();
            weights += weight;
        }
        return new ClassScores(precision / weights, recall / weights, f1 / weights, rows());
    }
}
