package io.trainer4j.train;

import io.trainer4j.option.Option;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the weights move: optimizer, learning rate, regularisation. */
abstract class OptimizationArguments<T extends OptimizationArguments<T>> extends BatchArguments<T> {
    @Option(help = "Peak learning rate of AdamW.", min = 0)
    double learningRate = 5e-5;

    @Option(help = "How the learning rate changes after warmup.")
    SchedulerType lrSchedulerType = SchedulerType.LINEAR;

    @Option(help = "Further settings of the schedule, such as num_cycles, power or min_lr.")
    Map<String, Object> lrSchedulerKwargs;

    @Option(help = "Steps in which the learning rate rises from 0; below 1 a ratio of all steps.", min = 0)
    double warmupSteps = 0;

    @Option(help = "The optimizer.")
    OptimizerNames optim = OptimizerNames.ADAMW_TORCH_FUSED;

    @Option(help = "Further settings of the optimizer, as name=value,name=value.")
    String optimArgs;

    @Option(help = "Decoupled weight decay; biases and layer norms are left out.", min = 0)
    double weightDecay = 0;

    @Option(help = "Decay rate of the running mean of gradients.", min = 0, below = 1)
    double adamBeta1 = 0.9;

    @Option(help = "Decay rate of the running mean of squared gradients.", min = 0, below = 1)
    double adamBeta2 = 0.999;

    @Option(help = "Added to the denominator of the AdamW step.", min = 0)
    double adamEpsilon = 1e-8;

    @Option(
            help = "LoRA+: how many times faster than A an adapter's B learns, such as 16; unset: equally fast.",
            min = 1)
    Double loraplusLrRatio;

    @Option(help = "Gradients with a larger global norm are scaled down to it; 0 turns this off.", min = 0)
    double maxGradNorm = 1;

    @Option(help = "Loss of a causal language model; dft weights each token by its own probability, as in TRL.")
    LossType lossType = LossType.NLL;

    @Option(help = "Share of each target spread over all classes or tokens.", min = 0, below = 1)
    double labelSmoothingFactor = 0;

    @Option(help = "Strength of the noise added to embeddings in training; unset: none.", min = 0)
    Double neftuneNoiseAlpha;

    public LossType lossType() {
        return lossType;
    }

    public T lossType(LossType value) {
        return with(copy -> copy.lossType = value);
    }

    public double learningRate() {
        return learningRate;
    }

    public T learningRate(double value) {
        return with(copy -> copy.learningRate = value);
    }

    /** Null where {@code A} and {@code B} of adapters learn equally fast. */
    public Double loraplusLrRatio() {
        return loraplusLrRatio;
    }

    public T loraplusLrRatio(Double value) {
        return with(copy -> copy.loraplusLrRatio = value);
    }

    public SchedulerType lrSchedulerType() {
        return lrSchedulerType;
    }

    public T lrSchedulerType(SchedulerType value) {
        return with(copy -> copy.lrSchedulerType = value);
    }

    public Map<String, Object> lrSchedulerKwargs() {
        return lrSchedulerKwargs;
    }

    public T lrSchedulerKwargs(Map<String, Object> value) {
        return with(copy -> copy.lrSchedulerKwargs =
                value == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(value)));
    }

    public double warmupSteps() {
        return warmupSteps;
    }

    public T warmupSteps(double value) {
        return with(copy -> copy.warmupSteps = value);
    }

    public OptimizerNames optim() {
        return optim;
    }

    public T optim(OptimizerNames value) {
        return with(copy -> copy.optim = value);
    }

    public String optimArgs() {
        return optimArgs;
    }

    public T optimArgs(String value) {
        return with(copy -> copy.optimArgs = value);
    }

    public double weightDecay() {
        return weightDecay;
    }

    public T weightDecay(double value) {
        return with(copy -> copy.weightDecay = value);
    }

    public double adamBeta1() {
        return adamBeta1;
    }

    public T adamBeta1(double value) {
        return with(copy -> copy.adamBeta1 = value);
    }

    public double adamBeta2() {
        return adamBeta2;
    }

    public T adamBeta2(double value) {
        return with(copy -> copy.adamBeta2 = value);
    }

    public double adamEpsilon() {
        return adamEpsilon;
    }

    public T adamEpsilon(double value) {
        return with(copy -> copy.adamEpsilon = value);
    }

    public double maxGradNorm() {
        return maxGradNorm;
    }

    public T maxGradNorm(double value) {
        return with(copy -> copy.maxGradNorm = value);
    }

    public double labelSmoothingFactor() {
        return labelSmoothingFactor;
    }

    public T labelSmoothingFactor(double value) {
        return with(copy -> copy.labelSmoothingFactor = value);
    }

    public Double neftuneNoiseAlpha() {
        return neftuneNoiseAlpha;
    }

    public T neftuneNoiseAlpha(double value) {
        return with(copy -> copy.neftuneNoiseAlpha = value);
    }
}
