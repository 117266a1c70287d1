package io.trainer4j.model;

import io.trainer4j.UsageException;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What a decoder's blocks do with rows of tokens, added up over all of them. */
final class Calibration implements LayerObserver {
    private final double[][] attended;
    private final double[][] gated;
    private final double[] similarity;
    private long tokens;

    private Calibration(int layers) {
        attended = new double[layers][];
        gated = new double[layers][];
        similarity = new double[layers];
    }

    /**
     * Runs a model over rows of at least one token.
     *
     * @throws UsageException if there are none
     */
    static Calibration of(CausalLM model, Iterable<int[]> rows) {
        Calibration calibration = new Calibration(model.layerNames().size());
        Pass pass = Pass.observed(calibration);
        for (int[] row : rows) {
            if (row.length > 0) {
                try (Scope scope = Scope.open();
                        NoGradGuard noGrad = new NoGradGuard()) {
                    model.hiddenStates(ModelInput.of(row), pass);
                    calibration.tokens += row.length;
                }
            }
        }
        if (calibration.tokens == 0) {
            throw new UsageException("There are no calibration rows; which layers, heads and channels matter least is"
                    + " measured on some, so give a calibration file.");
        }
        return calibration;
    }

    @Override
    public void attended(int layer, Tensor heads) {
        attended[layer] = plus(attended[layer], squares(heads));
    }

    @Override
    public void gated(int layer, Tensor channels) {
        gated[layer] = plus(gated[layer], squares(channels));
    }

    @Override
    public void changed(int layer, Tensor before, Tensor after) {
        try (Scope scope = Scope.open()) {
            similarity[layer] +=
                    torch.cosine_similarity(before, after, -1, 1e-8).sum().item_double();
        }
    }

    /** The sum of squares of each column, {@code [.., C]} to C. */
    private static float[] squares(Tensor x) {
        try (Scope scope = Scope.open()) {
            Tensor rows = x.reshape(-1, x.size(-1));
            return TensorData.toFloats(rows.square().sum(new long[] {0}, false, new ScalarTypeOptional()));
        }
    }

    private static double[] plus(double[] sum, float[] values) {
        double[] result = sum == null ? new double[values.length] : sum;
        for (int i = 0; i < values.length; i++) {
            result[i] += values[i];
        }
        return result;
    }

    /** For each layer the mean cosine of a token's vector before and after it. */
    double[] similarity() {
        double[] mean = similarity.clone();
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= tokens;
        }
        return mean;
    }

    /**
     * How much each input of the attention's output projection counts: norm of its activation times norm of its weights.
     *
     * @param weight {@code [hidden, N*D]}
     */
    double[] ofAttention(int layer, Tensor weight) {
        return contributions(attended[layer], weight);
    }

    /**
     * The same of each channel of the feed-forward network.
     *
     * @param weight {@code [hidden, intermediate]}
     */
    double[] ofChannels(int layer, Tensor weight) {
        return contributions(gated[layer], weight);
    }

    private static double[] contributions(double[] squares, Tensor weight) {
        float[] weights = squares(weight);
        double[] norms = new double[squares.length];
        for (int i = 0; i < norms.length; i++) {
            norms[i] = Math.sqrt(squares[i] * weights[i]);
        }
        return norms;
    }
}
