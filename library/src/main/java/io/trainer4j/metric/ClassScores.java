package io.trainer4j.metric;

/**
 * How well one class, or several on average, are found; all from 0 to 1.
 *
 * @param precision share of the predictions of the class that are right; 0 if it was never predicted
 * @param recall share of the class's rows that were found; 0 if it has none
 * @param f1 harmonic mean of both; 0 if nothing was found
 * @param support rows of the class
 */
public record ClassScores(double precision, double recall, double f1, long support) {
    static ClassScores of(long found, long predicted, long support) {
        return new ClassScores(
                share(found, predicted), share(found, support), share(2 * found, predicted + support), support);
    }

    /** Division as scikit-learn's {@code zero_division} has it by default. */
    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
