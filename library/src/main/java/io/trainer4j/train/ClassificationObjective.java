package io.trainer4j.train;

import io.trainer4j.TrainerException;
import io.trainer4j.model.Mode;
import io.trainer4j.model.Pass;
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

/** Cross-entropy over one class per row, divided by the rows of the whole accumulation group. */
final class ClassificationObjective implements Objective {
    private final SequenceClassifier model;
    private final int numLabels;

    private final double smoothing;
    private final boolean ignoresGroup;

    ClassificationObjective(SequenceClassifier model) {
        this(model, 0, false);
    }

    /**
     * @param smoothing share of each row's target that is spread over all classes
     * @param ignoresGroup whether a batch's loss is divided by its own rows and not by those of its group, as transformers
     *     does without smoothing
     */
    ClassificationObjective(SequenceClassifier model, double smoothing, boolean ignoresGroup) {
        this.model = model;
        this.smoothing = smoothing;
        this.ignoresGroup = ignoresGroup && smoothing == 0;
        this.numLabels = model.config().numLabels();
    }

    @Override
    public RunPlan.Item lossItem() {
        return new RunPlan.Item("loss", "cross-entropy per row", "one class per row");
    }

    @Override
    public long targets(MiniBatch batch) {
        return batch.rows();
    }

    @Override
    public double backward(MiniBatch batch, double normaliser, Pass pass) {
        try (Scope scope = Scope.open()) {
            Tensor logits = model.logits(batch.input(), pass);
            Tensor loss = summedLoss(logits, classes(batch)).div(new Scalar(ignoresGroup ? batch.rows() : normaliser));
            pass.backward(loss);
            return loss.item_double();
        }
    }

    private Tensor summedLoss(Tensor logits, int[] classes) {
        Tensor wanted = Device.of(logits).putNew(TensorData.ints(classes)).unsqueeze(1);
        Tensor logProbabilities = logits.log_softmax(1);
        Tensor loss = logProbabilities.gather(1, wanted).sum().neg();
        if (smoothing == 0) {
            return loss;
        }
        Tensor spread = logProbabilities.sum().neg();
        return loss.mul(new Scalar(1 - smoothing)).add(spread.mul(new Scalar(smoothing / numLabels)));
    }

    private int[] classes(MiniBatch batch) {
        int[] classes = Arrays.stream(batch.labels()).mapToInt(row -> row[0]).toArray();
        for (int label : classes) {
            if (label < 0 || label >= numLabels) {
                throw new TrainerException("A row has the label " + label + " but the model has classes 0 to "
                        + (numLabels - 1) + "; load the model with as many labels as the data has.");
            }
        }
        return classes;
    }

    @Override
    public void evaluate(MiniBatch batch, EvaluationSums sums) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor logits = model.logits(batch.input(), Mode.EVAL);
            int[] wanted = classes(batch);
            float[] flat = TensorData.toFloats(logits);
            List<float[]> scores = new ArrayList<>();
            int[] predicted = new int[wanted.length];
            for (int row = 0; row < wanted.length; row++) {
                float[] of = Arrays.copyOfRange(flat, row * numLabels, (row + 1) * numLabels);
                scores.add(of);
                predicted[row] = likeliest(of);
            }
            sums.addBatch(batch.rows(), summedLoss(logits, wanted).item_double(), predicted, wanted, scores);
        }
    }

    private static int likeliest(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        return best;
    }
}
