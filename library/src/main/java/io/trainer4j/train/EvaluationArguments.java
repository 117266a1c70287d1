package io.trainer4j.train;

import io.trainer4j.option.Option;
import java.util.List;

/** When to evaluate, on what figures, and which model is best. */
abstract class EvaluationArguments<T extends EvaluationArguments<T>> extends LoggingArguments<T> {
    @Option(help = "When to evaluate.")
    IntervalStrategy evalStrategy = IntervalStrategy.NO;

    @Option(help = "Steps between two evaluations; below 1 a ratio of all steps; unset: logging_steps.", above = 0)
    Double evalSteps;

    @Option(help = "Evaluate once before the first step.")
    boolean evalOnStart = false;

    @Option(help = "Steps or epochs, as eval_strategy counts, to wait before the first evaluation.", min = 0)
    double evalDelay = 0;

    @Option(help = "Evaluate the loss alone, without metrics.")
    boolean predictionLossOnly = false;

    @Option(help = "Give metrics all batches joined.", noEffect = "metrics always get all batches joined")
    boolean evalDoConcatBatches = true;

    @Option(
            help = "Batches after which predictions leave the GPU.",
            min = 1,
            noEffect = "predictions are kept outside the device's memory at once")
    Integer evalAccumulationSteps;

    @Option(
            help = "What metrics get beside predictions and labels.",
            noEffect = "metrics get predictions, labels and scores, neither the inputs nor the loss of a row")
    List<String> includeForMetrics = List.of();

    @Option(help = "Add up metrics batch by batch.", noEffect = "loss and accuracy are always added up batch by batch")
    boolean batchEvalMetrics = false;

    @Option(help = "Evaluation metric that tells the best checkpoint; unset: loss with load_best_model_at_end.")
    String metricForBestModel;

    @Option(help = "Whether a larger metric is better; unset: unless its name ends in loss.")
    Boolean greaterIsBetter;

    public IntervalStrategy evalStrategy() {
        return evalStrategy;
    }

    public T evalStrategy(IntervalStrategy value) {
        return with(copy -> copy.evalStrategy = value);
    }

    public Double evalSteps() {
        return evalSteps;
    }

    public T evalSteps(double value) {
        return with(copy -> copy.evalSteps = value);
    }

    public boolean evalOnStart() {
        return evalOnStart;
    }

    public T evalOnStart(boolean value) {
        return with(copy -> copy.evalOnStart = value);
    }

    public double evalDelay() {
        return evalDelay;
    }

    public T evalDelay(double value) {
        return with(copy -> copy.evalDelay = value);
    }

    public boolean predictionLossOnly() {
        return predictionLossOnly;
    }

    public T predictionLossOnly(boolean value) {
        return with(copy -> copy.predictionLossOnly = value);
    }

    public boolean evalDoConcatBatches() {
        return evalDoConcatBatches;
    }

    public T evalDoConcatBatches(boolean value) {
        return with(copy -> copy.evalDoConcatBatches = value);
    }

    public Integer evalAccumulationSteps() {
        return evalAccumulationSteps;
    }

    public T evalAccumulationSteps(int value) {
        return with(copy -> copy.evalAccumulationSteps = value);
    }

    public List<String> includeForMetrics() {
        return includeForMetrics;
    }

    public T includeForMetrics(List<String> value) {
        return with(copy -> copy.includeForMetrics = List.copyOf(value));
    }

    public boolean batchEvalMetrics() {
        return batchEvalMetrics;
    }

    public T batchEvalMetrics(boolean value) {
        return with(copy -> copy.batchEvalMetrics = value);
    }

    public String metricForBestModel() {
        return metricForBestModel;
    }

    public T metricForBestModel(String value) {
        return with(copy -> copy.metricForBestModel = value);
    }

    public Boolean greaterIsBetter() {
        return greaterIsBetter;
    }

    public T greaterIsBetter(boolean value) {
        return with(copy -> copy.greaterIsBetter = value);
    }
}
