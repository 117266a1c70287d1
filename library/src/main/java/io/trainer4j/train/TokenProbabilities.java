package io.trainer4j.train;

import io.trainer4j.tensor.Scope;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The softmax of some positions' scores, computed in the memory of the scores.
 *
 * @param probabilities {@code [n, vocabulary]}
 * @param wanted logarithms of the probabilities of the wanted tokens, {@code [n, 1]}
 * @param logSum the sum of all probabilities' logarithms; NaN where it was not asked for
 */
record TokenProbabilities(Tensor probabilities, Tensor wanted, double logSum) {
    /**
     * Overwrites the scores; the results belong to the innermost open scope.
     *
     * @param scores {@code [n, vocabulary]}
     * @param ids the wanted tokens, {@code [n, 1]}
     * @param withLogSum whether the sum of all logarithms is needed
     */
    static TokenProbabilities of(Tensor scores, Tensor ids, boolean withLogSum) {
        try (Scope scope = Scope.open()) {
            scores.sub_(scores.amax(new long[] {1}, true));
            Tensor wanted = scores.gather(1, ids);
            double sum = withLogSum ? scores.sum().item_double() : Double.NaN;
            Tensor sums = scores.exp_().sum(new long[] {1}, true, new ScalarTypeOptional());
            Tensor logSums = sums.log();
            double logSum = withLogSum ? sum - scores.size(1) * logSums.sum().item_double() : sum;
            return new TokenProbabilities(scores.div_(sums), scope.keep(wanted.sub_(logSums)), logSum);
        }
    }
}
