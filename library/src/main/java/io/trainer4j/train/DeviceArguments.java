package io.trainer4j.train;

import io.trainer4j.UsageException;
import io.trainer4j.model.Checkpointing;
import io.trainer4j.option.Option;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Precision, memory and devices. */
abstract class DeviceArguments<T extends DeviceArguments<T>> extends FreezingArguments<T> {
    /** How PyTorch recomputes; here there is one way, which gives the same numbers as without. */
    private static final List<String> WAYS_OF_RECOMPUTING =
            List.of("use_reentrant", "preserve_rng_state", "determinism_check", "early_stop", "debug", "offload");

    @Option(
            help =
                    "Compute matrix products in bf16 where the processor multiplies in it, and in the faster fp32 elsewhere unless"
                            + " hf_compat; trained weights and optimizer state stay fp32.")
    boolean bf16 = false;

    @Option(
            help = "Keep weights, gradients and optimizer state in bf16, without an fp32 copy: half of the memory;"
                    + " optim_args rounding=stochastic or kahan.")
    boolean pureBf16 = false;

    @Option(
            help =
                    "Compute matrix products in fp16, with a loss that is scaled so that small gradients do not vanish; for GPUs"
                            + " only; trained weights and optimizer state stay fp32.")
    boolean fp16 = false;

    @Option(help = "Evaluate in bf16.", noEffect = "evaluations are computed in fp32, which is more exact")
    boolean bf16FullEval = false;

    @Option(
            help = "Evaluate in fp16; for GPUs only.",
            noEffect = "evaluations are computed in fp32, which is more exact")
    boolean fp16FullEval = false;

    @Option(help = "Whether a GPU may round the factors of fp32 matrix products to TF32; unset: no.")
    Boolean tf32;

    @Option(help = "Recompute activations in the backward pass instead of keeping them; the numbers are the same.")
    boolean gradientCheckpointing = false;

    @Option(help = "Further settings of gradient_checkpointing: every_n_layers, 1 by default.")
    Map<String, Object> gradientCheckpointingKwargs;

    @Option(
            help = "Steps between two clearings of the GPU's cache.",
            min = 1,
            noEffect = "memory that a step has freed is used by the next one")
    Integer torchEmptyCacheSteps;

    @Option(help = "Train on the CPU even where there is a GPU.")
    boolean useCpu = false;

    @Option(help = "How several processes exchange gradients.", noEffect = "a run has one process")
    String ddpBackend;

    @Option(
            help = "Use deterministic kernels only.",
            noEffect = "a run on the CPU is deterministic, one on a GPU up to the order of its sums")
    boolean fullDeterminism = false;

    /** The blocks whose activations are recomputed. */
    Checkpointing checkpointing() {
        NamedSettings settings = NamedSettings.of("gradient_checkpointing_kwargs", gradientCheckpointingKwargs);
        int everyLayers = settings.integer("every_n_layers", 1);
        WAYS_OF_RECOMPUTING.forEach(settings::has);
        settings.requireAllKnown("gradient_checkpointing");
        if (everyLayers < 1) {
            throw new UsageException("Setting every_n_layers of option gradient_checkpointing_kwargs is " + everyLayers
                    + " but must be at least 1.");
        }
        return gradientCheckpointing ? new Checkpointing(everyLayers) : Checkpointing.NONE;
    }

    public boolean bf16() {
        return bf16;
    }

    public T bf16(boolean value) {
        return with(copy -> copy.bf16 = value);
    }

    public boolean pureBf16() {
        return pureBf16;
    }

    public T pureBf16(boolean value) {
        return with(copy -> copy.pureBf16 = value);
    }

    public boolean fp16() {
        return fp16;
    }

    public T fp16(boolean value) {
        return with(copy -> copy.fp16 = value);
    }

    public boolean bf16FullEval() {
        return bf16FullEval;
    }

    public T bf16FullEval(boolean value) {
        return with(copy -> copy.bf16FullEval = value);
    }

    public boolean fp16FullEval() {
        return fp16FullEval;
    }

    public T fp16FullEval(boolean value) {
        return with(copy -> copy.fp16FullEval = value);
    }

    public Boolean tf32() {
        return tf32;
    }

    public T tf32(boolean value) {
        return with(copy -> copy.tf32 = value);
    }

    public boolean gradientCheckpointing() {
        return gradientCheckpointing;
    }

    public T gradientCheckpointing(boolean value) {
        return with(copy -> copy.gradientCheckpointing = value);
    }

    public Map<String, Object> gradientCheckpointingKwargs() {
        return gradientCheckpointingKwargs;
    }

    public T gradientCheckpointingKwargs(Map<String, Object> value) {
        return with(copy -> copy.gradientCheckpointingKwargs =
                value == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(value)));
    }

    public Integer torchEmptyCacheSteps() {
        return torchEmptyCacheSteps;
    }

    public T torchEmptyCacheSteps(int value) {
        return with(copy -> copy.torchEmptyCacheSteps = value);
    }

    public boolean useCpu() {
        return useCpu;
    }

    public T useCpu(boolean value) {
        return with(copy -> copy.useCpu = value);
    }

    public String ddpBackend() {
        return ddpBackend;
    }

    public T ddpBackend(String value) {
        return with(copy -> copy.ddpBackend = value);
    }

    public boolean fullDeterminism() {
        return fullDeterminism;
    }

    public T fullDeterminism(boolean value) {
        return with(copy -> copy.fullDeterminism = value);
    }
}
