package io.trainer4j.metric;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Everything that is measured about a classifier with any number of labels per row, added up row by row. */
public final class MultiLabelScores {
    private final long[] found;
    private final long[] predicted;
    private final long[] support;
    private final RocAuc[] areas;
    private long rows;
    private long exactRows;

    /** Nothing measured yet. */
    public MultiLabelScores(int labels) {
        found = new long[labels];
        predicted = new long[labels];
        support = new long[labels];
        areas = IntStream.range(0, labels).mapToObj(label -> new RocAuc()).toArray(RocAuc[]::new);
    }

    /**
     * Adds one row.
     *
     * @param logits one score per label, before the sigmoid; a label is predicted from a probability of 0.5 on
     * @param truth 1 for each label the row has, else 0
     */
    public void add(float[] logits, float[] truth) {
        boolean exact = true;
        for (int label = 0; label < areas.length; label++) {
            boolean says = logits[label] >= 0;
            boolean has = truth[label] >= 0.5;
            predicted[label] += says ? 1 : 0;
            support[label] += has ? 1 : 0;
            found[label] += says && has ? 1 : 0;
            areas[label].add(logits[label], has);
            exact &= says == has;
        }
        rows++;
        exactRows += exact ? 1 : 0;
    }

    /** The figures of one label. */
    public ClassScores of(int label) {
        return ClassScores.of(found[label], predicted[label], support[label]);
    }

    /** The figures of all labels. */
    public ClassScores average(Average average) {
        long allSupport = sum(support);
        if (average == Average.MICRO) {
            return ClassScores.of(sum(found), sum(predicted), allSupport);
        }
        double precision = 0;
        double recall = 0;
        double f1 = 0;
        for (int label = 0; label < areas.length; label++) {
            ClassScores scores = of(label);
            double weight = average == Average.MACRO
                    ? 1.0 / areas.length
                    : allSupport == 0 ? 0 : (double) scores.support() / allSupport;
            precision += weight * scores.precision();
            recall += weight * scores.recall();
            f1 += weight * scores.f1();
        }
        return new ClassScores(precision, recall, f1, allSupport);
    }

    private static long sum(long[] counts) {
        return IntStream.range(0, counts.length).mapToLong(i -> counts[i]).sum();
    }

    /** The mean area under the ROC curve; empty where a label stands on all rows or on none. */
    public OptionalDouble rocAuc() {
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
     * All figures by name: {@code accuracy} (rows with exactly their labels), {@code hamming_loss}, {@code precision_macro},
     * {@code recall_macro}, {@code f1_macro} and the same for {@code micro} and {@code weighted}, {@code roc_auc} where it
     * is defined.
     */
    public Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("accuracy", (double) exactRows / rows);
        values.put("hamming_loss", (double) (sum(predicted) + sum(support) - 2 * sum(found)) / (rows * areas.length));
        for (Average average : Average.values()) {
            ClassScores scores = average(average);
            String suffix = "_" + average.name().toLowerCase(Locale.ROOT);
            values.put("precision" + suffix, scores.precision());
            values.put("recall" + suffix, scores.recall());
            values.put("f1" + suffix, scores.f1());
        }
        rocAuc().ifPresent(area -> values.put("roc_auc", area));
        return values;
    }
}
