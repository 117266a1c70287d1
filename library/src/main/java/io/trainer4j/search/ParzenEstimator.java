package io.trainer4j.search;

import java.util.List;
import java.util.Random;

/**
 * How often a value is to be expected among trials, as the tree-structured Parzen estimator has it (Bergstra et al. 2011,
 * Algorithms for Hyper-Parameter Optimization, section 4): for numbers a mixture of the uniform prior and of Gaussians
 * around the values seen, cut off at the ends, each as wide as the distance to its farther neighbour; for choices counts plus one.
 */
final class ParzenEstimator {
    private static final int CANDIDATES = 24;

    private final Dimension dimension;
    private final double[] seen;
    private final double[] widths;

    ParzenEstimator(Dimension dimension, List<String> values) {
        this.dimension = dimension;
        seen = values.stream().mapToDouble(dimension::position).sorted().toArray();
        widths = new double[seen.length];
        for (int i = 0; i < seen.length; i++) {
            double below = seen[i] - (i == 0 ? 0 : seen[i - 1]);
            double above = (i == seen.length - 1 ? 1 : seen[i + 1]) - seen[i];
            widths[i] = Math.max(Math.max(below, above), 1.0 / (1 + seen.length) / 10);
        }
    }

    /** Of values drawn from this one, that whose density is highest in relation to the other's. */
    String likelierThan(ParzenEstimator other, Random random) {
        String best = null;
        double bestRatio = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < CANDIDATES; i++) {
            String value = draw(random);
            double ratio = density(value) / other.density(value);
            if (ratio > bestRatio) {
                bestRatio = ratio;
                best = value;
            }
        }
        return best;
    }

    private String draw(Random random) {
        int kernel = random.nextInt(seen.length + 1);
        if (kernel == seen.length) {
            return dimension.at(random.nextDouble());
        }
        if (dimension instanceof Dimension.Choice) {
            return dimension.at(seen[kernel]);
        }
        double position;
        do {
            position = seen[kernel] + widths[kernel] * random.nextGaussian();
        } while (position < 0 || position > 1);
        return dimension.at(position);
    }

    private double density(String value) {
        double position = dimension.position(value);
        double sum = 1; // the prior
        for (int i = 0; i < seen.length; i++) {
            if (dimension instanceof Dimension.Choice choice) {
                sum += choice.at(seen[i]).equals(value) ? choice.values().size() : 0;
            } else {
                double distance = (position - seen[i]) / widths[i];
                double inside = normal((1 - seen[i]) / widths[i]) - normal(-seen[i] / widths[i]);
                sum += Math.exp(-distance * distance / 2) / (widths[i] * Math.sqrt(2 * Math.PI) * inside);
            }
        }
        return sum / (seen.length + 1);
    }

    /** The normal distribution function to 1e-7 (Abramowitz and Stegun, 26.2.17). */
    private static double normal(double x) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double polynomial =
                t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        double tail = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * polynomial;
        return x < 0 ? tail : 1 - tail;
    }
}
