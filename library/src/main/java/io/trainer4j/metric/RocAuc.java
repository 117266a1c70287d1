package io.trainer4j.metric;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Area under the ROC curve of one class against the rest, as {@code roc_auc_score} of scikit-learn: the chance that a row
 * of the class scores above one that is not, where equal scores count half. Keeps one number per row, since the area
 * depends on the order of all of them.
 */
public final class RocAuc {
    private double[] positives = new double[64];
    private double[] negatives = new double[64];
    private int positiveCount;
    private int negativeCount;

    /** Takes one row's score for the class; a probability or any figure that rises with it. */
    public void add(double score, boolean positive) {
        if (positive) {
            positives = roomFor(positives, positiveCount);
            positives[positiveCount++] = score;
        } else {
            negatives = roomFor(negatives, negativeCount);
            negatives[negativeCount++] = score;
        }
    }

    private static double[] roomFor(double[] values, int count) {
        return count < values.length ? values : Arrays.copyOf(values, count * 2);
    }

    /** The area, 0 to 1; empty where all rows or none are of the class. */
    public OptionalDouble area() {
        if (positiveCount == 0 || negativeCount == 0) {
            return OptionalDouble.empty();
        }
        double[] wanted = sorted(positives, positiveCount);
        double[] others = sorted(negatives, negativeCount);
        double above = 0;
        int less = 0;
        int lessOrEqual = 0;
        for (double score : wanted) {
            while (less < others.length && others[less] < score) {
                less++;
            }
            while (lessOrEqual < others.length && others[lessOrEqual] <= score) {
                lessOrEqual++;
            }
            above += (less + lessOrEqual) / 2.0;
        }
        return OptionalDouble.of(above / ((double) positiveCount * negativeCount));
    }

    private static double[] sorted(double[] values, int count) {
        double[] copy = Arrays.copyOf(values, count);
        Arrays.sort(copy);
        return copy;
    }
}
