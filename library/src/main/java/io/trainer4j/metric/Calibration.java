package io.trainer4j.metric;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether a classifier is right as often as it claims to be: predictions in 15 bins of equal width by their probability
 * (Guo et al. 2017, On Calibration of Modern Neural Networks, section 2; a bin holds its upper bound).
 */
public final class Calibration {
    private static final int BINS = 15;

    private final long[] rows = new long[BINS];
    private final long[] right = new long[BINS];
    private final double[] confidence = new double[BINS];

    /**
     * Predictions of similar confidence.
     *
     * @param rows how many; the other figures are 0 if there are none
     * @param confidence mean probability of the predicted class
     * @param accuracy share that is right
     */
    public record Bin(long rows, double confidence, double accuracy) {}

    /**
     * Counts one prediction.
     *
     * @param probability of the predicted class, above 0 to 1
     * @param correct whether that is the label
     */
    public void add(double probability, boolean correct) {
        int bin = Math.max(0, (int) Math.ceil(probability * BINS) - 1);
        rows[bin]++;
        confidence[bin] += probability;
        right[bin] += correct ? 1 : 0;
    }

    /** The bins from the least sure to the surest. */
    public List<Bin> bins() {
        return IntStream.range(0, BINS)
                .mapToObj(b -> rows[b] == 0
                        ? new Bin(0, 0, 0)
                        : new Bin(rows[b], confidence[b] / rows[b], (double) right[b] / rows[b]))
                .toList();
    }

    /** Expected calibration error: the gap between confidence and accuracy, averaged over rows; 0 to 1. */
    public double error() {
        double gap = 0;
        long all = 0;
        for (Bin bin : bins()) {
            gap += bin.rows() * Math.abs(bin.confidence() - bin.accuracy());
            all += bin.rows();
        }
        return gap / all;
    }
}
