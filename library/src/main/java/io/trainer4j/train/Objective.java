package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.model.CausalLM;
import io.trainer4j.model.Checkpointing;
import io.trainer4j.model.MaskedLM;
import io.trainer4j.model.Pass;
import io.trainer4j.model.PretrainedModel;
import io.trainer4j.model.ProblemType;
import io.trainer4j.model.SequenceClassifier;

/** What training minimises and evaluation measures, for one kind of model. */
interface Objective {
    /** The objective that Python's model classes compute themselves where they are given labels. */
    static Objective of(PretrainedModel model, TrainingArguments arguments) {
        double smoothing = arguments.labelSmoothingFactor();
        if (model instanceof CausalLM decoder) {
            return new CausalLmObjective(decoder, arguments.lossType(), smoothing);
        }
        if (arguments.lossType() != LossType.NLL) {
            throw new UsageException(
                    "loss_type dft is there for causal language models, not for this model's loss; leave" + " it out.");
        }
        if (model instanceof SequenceClassifier classifier
                && classifier.config().problemType() == ProblemType.SINGLE_LABEL_CLASSIFICATION) {
            return new ClassificationObjective(classifier, smoothing, arguments.hfCompat());
        }
        if (smoothing > 0) {
            throw new UsageException("label_smoothing_factor is there for causal language models and for classes, not"
                    + " for this model's loss; leave it out.");
        }
        if (model instanceof MaskedLM encoder) {
            return new MaskedLmObjective(encoder);
        }
        return new ValueObjective((SequenceClassifier) model);
    }

    /** What is minimised, for the plan. */
    RunPlan.Item lossItem();

    /**
     * Memory of the scores that exist at one time.
     *
     * @param targets predictions of the batch
     */
    default long scoreBytes(long targets) {
        return 0;
    }

    /** Number of predictions a batch asks for: trained tokens, or rows. */
    long targets(MiniBatch batch);

    /**
     * Runs the batch forward and backward and adds to the parameters' gradients.
     *
     * @param normaliser what the summed loss is divided by: the targets of the whole accumulation group
     * @param pass a new training pass, which the caller closes
     * @return this batch's share of the loss
     */
    double backward(MiniBatch batch, double normaliser, Pass pass);

    /** As {@link #backward(MiniBatch, double, Pass)}, with all activations kept. */
    default double backward(MiniBatch batch, double normaliser) {
        try (Pass pass = Pass.recorded(Checkpointing.NONE)) {
            return backward(batch, normaliser, pass);
        }
    }

    /** Runs the batch forward only and adds what it shows to the sums. */
    void evaluate(MiniBatch batch, EvaluationSums sums);
}
