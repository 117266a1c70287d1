package io.trainer4j.metric;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that is measured about predicted numbers, added up row by row; figures of several numbers per row are the mean
 * over them, as scikit-learn's {@code multioutput="uniform_average"}.
 */
public final class RegressionScores {
    private final Moments[] outputs;

    /** Running means and sums of products around them, which do not cancel as sums of squares would. */
    private static final class Moments {
        private long rows;
        private double meanTrue;
        private double meanPredicted;
        private double squaresTrue;
        private double squaresPredicted;
        private double products;
        private double squaredErrors;
        private double absoluteErrors;

        void add(double predicted, double value) {
            rows++;
            double fromMeanTrue = value - meanTrue;
            double fromMeanPredicted = predicted - meanPredicted;
            meanTrue += fromMeanTrue / rows;
            meanPredicted += fromMeanPredicted / rows;
            squaresTrue += fromMeanTrue * (value - meanTrue);
            squaresPredicted += fromMeanPredicted * (predicted - meanPredicted);
            products += fromMeanTrue * (predicted - meanPredicted);
            squaredErrors += (predicted - value) * (predicted - value);
            absoluteErrors += Math.abs(predicted - value);
        }

        /** As {@code r2_score}: where all true values are equal, 1 for predictions without error and else 0. */
        double r2() {
            if (squaresTrue == 0) {
                return squaredErrors == 0 ? 1 : 0;
            }
            return 1 - squaredErrors / squaresTrue;
        }
    }

    /**
     * Nothing measured yet.
     *
     * @param outputs numbers of each row
     */
    public RegressionScores(int outputs) {
        this.outputs = new Moments[outputs];
        for (int i = 0; i < outputs; i++) {
            this.outputs[i] = new Moments();
        }
    }

    /** Adds one row. */
    public void add(float[] predicted, float[] values) {
        for (int i = 0; i < outputs.length; i++) {
            outputs[i].add(predicted[i], values[i]);
        }
    }

    /**
     * All figures by name: {@code mse}, {@code rmse} (the mean of each number's root), {@code mae}, {@code r2}, and {@code
     * pearson} where neither predictions nor true values are all equal.
     */
    public Map<String, Double> values() {
        double mse = 0;
        double rmse = 0;
        double mae = 0;
        double r2 = 0;
        double pearson = 0;
        for (Moments moments : outputs) {
            mse += moments.squaredErrors / moments.rows / outputs.length;
            rmse += Math.sqrt(moments.squaredErrors / moments.rows) / outputs.length;
            mae += moments.absoluteErrors / moments.rows / outputs.length;
            r2 += moments.r2() / outputs.length;
            pearson += moments.products / Math.sqrt(moments.squaresTrue * moments.squaresPredicted) / outputs.length;
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("mse", mse);
        values.put("rmse", rmse);
        values.put("mae", mae);
        values.put("r2", r2);
        if (Double.isFinite(pearson)) {
            values.put("pearson", pearson);
        }
        return values;
    }
}
