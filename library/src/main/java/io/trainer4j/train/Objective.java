package io.trainer4j.train;

/** What training minimises and evaluation measures, for one kind of model. */
interface Objective {
    /** Number of predictions a batch asks for: trained tokens, or rows. */
    long targets(MiniBatch batch);

    /**
     * Runs the batch forward and backward and adds to the parameters' gradients.
     *
     * @param normaliser what the summed loss is divided by: the targets of the whole accumulation group
     * @return this batch's share of the loss
     */
    double backward(MiniBatch batch, double normaliser);

    /** Runs the batch forward only and adds what it shows to the sums. */
    void evaluate(MiniBatch batch, EvaluationSums sums);
}
