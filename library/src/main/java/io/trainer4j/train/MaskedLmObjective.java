package io.trainer4j.train;

import io.trainer4j.model.MaskedLM;
import io.trainer4j.model.Mode;
import io.trainer4j.model.Pass;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Cross-entropy of the tokens that have a label; only their positions reach the head. */
final class MaskedLmObjective implements Objective {
    private final MaskedLM model;

    MaskedLmObjective(MaskedLM model) {
        this.model = model;
    }

    @Override
    public RunPlan.Item lossItem() {
        return new RunPlan.Item("loss", "cross-entropy of masked tokens", "other positions never reach the head");
    }

    /** Scores, their logarithms and a gradient of each, for all masked positions. */
    @Override
    public long scoreBytes(long targets) {
        return 4 * Float.BYTES * targets * model.vocabSize();
    }

    @Override
    public long targets(MiniBatch batch) {
        return positions(batch).length;
    }

    /** Indices into the flattened {@code [batch * length]} tokens. */
    private static int[] positions(MiniBatch batch) {
        int length = batch.input().length();
        return IntStream.range(0, batch.rows() * length)
                .filter(p -> batch.labels()[p / length][p % length] != MiniBatch.IGNORED)
                .toArray();
    }

    private static int[] labels(MiniBatch batch, int[] positions) {
        int length = batch.input().length();
        return IntStream.of(positions)
                .map(p -> batch.labels()[p / length][p % length])
                .toArray();
    }

    @Override
    public double backward(MiniBatch batch, double normaliser, Pass pass) {
        try (Scope scope = Scope.open()) {
            MiniBatch tokens = batch.withoutPadding(model, pass);
            int[] positions = positions(tokens);
            if (positions.length == 0) {
                return 0;
            }
            Tensor logProbabilities = logProbabilities(tokens, positions, pass);
            Tensor loss =
                    summedLoss(logProbabilities, labels(tokens, positions)).div(new Scalar(normaliser));
            pass.backward(loss);
            return loss.item_double();
        }
    }

    private Tensor logProbabilities(MiniBatch batch, int[] positions, Pass pass) {
        Tensor hidden = model.hiddenStates(batch.input(), pass).view(-1, model.hiddenSize());
        return model.scores(hidden.index_select(0, model.device().putNew(TensorData.ints(positions))), pass)
                .log_softmax(1);
    }

    private static Tensor summedLoss(Tensor logProbabilities, int[] labels) {
        return logProbabilities
                .gather(
                        1,
                        Device.of(logProbabilities)
                                .putNew(TensorData.ints(labels))
                                .unsqueeze(1))
                .sum()
                .neg();
    }

    @Override
    public void evaluate(MiniBatch batch, EvaluationSums sums) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Pass pass = Pass.of(Mode.EVAL);
            MiniBatch tokens = batch.withoutPadding(model, pass);
            int[] positions = positions(tokens);
            if (positions.length == 0) {
                return;
            }
            int[] wanted = labels(tokens, positions);
            Tensor logProbabilities = logProbabilities(tokens, positions, pass);
            long[] likeliest = TensorData.toLongs(logProbabilities.argmax(new LongOptional(1), false));
            int[] predicted = IntStream.range(0, likeliest.length)
                    .map(i -> (int) likeliest[i])
                    .toArray();
            double loss = summedLoss(logProbabilities, wanted).item_double();
            sums.addBatch(batch.rows(), loss, predicted, wanted, null);
            sums.addLikelihoodLoss(loss);
        }
    }
}
