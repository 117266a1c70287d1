package io.trainer4j.search;

import java.util.List;

/** Ends trials early that will hardly become the best. */
public enum Pruner {
    /** Every trial runs to its end. */
    NONE,
    /**
     * Asynchronous successive halving (Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning): after 1, 3,
     * 9, ... evaluations a trial goes on only if it is among the best third of those that came as far.
     */
    SUCCESSIVE_HALVING;

    private static final int REDUCTION = 3;

    /**
     * Whether a trial is to end after its last report.
     *
     * @param others all other trials of the study
     * @param greaterIsBetter whether large figures are good
     */
    boolean ends(Trial trial, List<Trial> others, boolean greaterIsBetter) {
        int evaluations = trial.reports().size();
        if (this == NONE || !isRung(evaluations)) {
            return false;
        }
        double figure = trial.reports().get(evaluations - 1);
        List<Double> rung = others.stream()
                .filter(other -> other.reports().size() >= evaluations)
                .map(other -> other.reports().get(evaluations - 1))
                .toList();
        long better = rung.stream()
                .filter(other -> isBetter(other, figure, greaterIsBetter))
                .count();
        return better >= Math.max(1, (rung.size() + 1) / REDUCTION);
    }

    /** NaN is worse than every number. */
    private static boolean isBetter(double figure, double than, boolean greaterIsBetter) {
        if (Double.isNaN(figure) || Double.isNaN(than)) {
            return !Double.isNaN(figure);
        }
        return greaterIsBetter ? figure > than : figure < than;
    }

    private static boolean isRung(int evaluations) {
        int rung = 1;
        while (rung < evaluations) {
            rung *= REDUCTION;
        }
        return rung == evaluations;
    }
}
