package io.trainer4j.train;

import io.trainer4j.model.Mode;
import io.trainer4j.model.Pass;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** A user's {@link LossFunction} in place of the model's own; predictions are still those of the built-in objective. */
final class CustomObjective implements Objective {
    private final PretrainedModel model;
    private final LossFunction function;
    private final Objective builtIn;

    CustomObjective(PretrainedModel model, LossFunction function, Objective builtIn) {
        this.model = model;
        this.function = function;
        this.builtIn = builtIn;
    }

    @Override
    public RunPlan.Item lossItem() {
        return new RunPlan.Item("loss", "the program's own function", "given to the trainer");
    }

    @Override
    public long targets(MiniBatch batch) {
        return builtIn.targets(batch);
    }

    @Override
    public double backward(MiniBatch batch, double normaliser, Pass pass) {
        try (Scope scope = Scope.open()) {
            Tensor loss = loss(batch, pass, (long) normaliser);
            pass.backward(loss);
            return loss.item_double();
        }
    }

    private Tensor loss(MiniBatch batch, Pass pass, long numItemsInBatch) {
        Tensor labels =
                batch.values() == null ? TensorData.ints(batch.labels()) : ValueObjective.tensor(batch.values());
        Tensor shaped = labels.size(1) == 1 ? labels.squeeze(1) : labels;
        return function.loss(model.logits(batch.input(), pass), model.device().putNew(shaped), numItemsInBatch);
    }

    @Override
    public void evaluate(MiniBatch batch, EvaluationSums sums) {
        try (Scope scope = Scope.open();
                NoGradGuard noGrad = new NoGradGuard()) {
            long count = targets(batch);
            double mean = loss(batch, Pass.of(Mode.EVAL), count).item_double();
            CollectedPredictions own = new CollectedPredictions(prediction -> Map.of());
            EvaluationSums ownSums = new EvaluationSums(own);
            builtIn.evaluate(batch, ownSums);
            EvalPrediction shown = own.prediction();
            if (batch.values() != null) {
                sums.addValues(mean * count, shown.values(), shown.scores());
                return;
            }
            sums.addBatch(
                    batch.rows(),
                    mean * count,
                    shown.predictions(),
                    shown.labels(),
                    shown.scores().isEmpty() ? null : shown.scores());
            sums.addLikelihoodLoss(ownSums.likelihoodLoss());
        }
    }
}
