package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.model.Mode;
import io.trainer4j.model.Pass;
import io.trainer4j.model.ProblemType;
import io.trainer4j.model.SequenceClassifier;
import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Mean squared error for regression, binary cross-entropy for several labels per row: the mean over a row's labels, divided
 * by the rows of the whole accumulation group.
 */
final class ValueObjective implements Objective {
    /** {@code at::Reduction::Sum}. */
    private static final long SUM = 2;

    private final SequenceClassifier model;
    private final ProblemType type;
    private final int numLabels;

    ValueObjective(SequenceClassifier model) {
        this.model = model;
        type = model.config().problemType();
        numLabels = model.config().numLabels();
    }

    @Override
    public RunPlan.Item lossItem() {
        return type == ProblemType.REGRESSION
                ? new RunPlan.Item("loss", "mean squared error", "a number for each label")
                : new RunPlan.Item("loss", "binary cross-entropy per label", "any number of labels per row");
    }

    @Override
    public long targets(MiniBatch batch) {
        return batch.rows();
    }

    @Override
    public double backward(MiniBatch batch, double normaliser, Pass pass) {
        try (Scope scope = Scope.open()) {
            Tensor logits = model.logits(batch.input(), pass);
            Tensor loss = summedLoss(logits, batch).div(new Scalar(normaliser));
            pass.backward(loss);
            return loss.item_double();
        }
    }

    private Tensor summedLoss(Tensor logits, MiniBatch batch) {
        Tensor wanted = Device.of(logits).putNew(tensor(checked(batch)));
        Tensor sum = type == ProblemType.REGRESSION
                ? torch.mse_loss(logits, wanted, SUM)
                : torch.binary_cross_entropy_with_logits(
                        logits, wanted, new TensorOptional(), new TensorOptional(), SUM);
        return sum.div(new Scalar((double) numLabels));
    }

    /** {@code [batch, labels]}. */
    static Tensor tensor(float[][] rows) {
        int width = rows[0].length;
        float[] flat = new float[rows.length * width];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * width, width);
        }
        return TensorData.floats(flat, rows.length, width);
    }

    private float[][] checked(MiniBatch batch) {
        if (batch.values() == null) {
            throw new TrainerException("A batch has class ids but the model does "
                    + (type == ProblemType.REGRESSION ? "regression" : "classification with several labels per row")
                    + "; collate numbers, one for each label.");
        }
        for (float[] row : batch.values()) {
            if (row.length != numLabels) {
                throw new TrainerException("A row has " + row.length + " label values but the model has " + numLabels
                        + " labels; load the model with as many labels as the data has.");
            }
        }
        return batch.values();
    }

    @Override
    public void evaluate(MiniBatch batch, EvaluationSums sums) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor logits = model.logits(batch.input(), Mode.EVAL);
            double loss = summedLoss(logits, batch).item_double();
            float[] flat = TensorData.toFloats(logits);
            List<float[]> scores = new ArrayList<>();
            for (int row = 0; row < batch.rows(); row++) {
                scores.add(Arrays.copyOfRange(flat, row * numLabels, (row + 1) * numLabels));
            }
            sums.addValues(loss, List.of(batch.values()), scores);
        }
    }
}
