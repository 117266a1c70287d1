package io.trainer4j.train;

import io.trainer4j.option.AlsoCalled;

/** The optimizers; names as in {@code OptimizerNames} of transformers/training_args.py, and muon. */
public enum OptimizerNames {
    /** AdamW in libtorch's fused kernel. */
    ADAMW_TORCH_FUSED,
    /** The same; there is one AdamW here. */
    @AlsoCalled({"adamw_hf", "paged_adamw_32bit", "adamw"})
    ADAMW_TORCH,
    /** Gradient descent; {@code momentum}, {@code dampening}, {@code nesterov}. */
    SGD,
    /** {@code lr_decay}, {@code eps}. */
    ADAGRAD,
    /** {@code alpha}, {@code eps}, {@code momentum}, {@code centered}. */
    RMSPROP,
    /** Two vectors of state for a matrix. */
    ADAFACTOR,
    /** One tensor of state; wants about a tenth of AdamW's learning rate. */
    @AlsoCalled({"lion", "paged_lion_32bit"})
    LION_32BIT,
    /** AdamW with a quarter of the state. */
    @AlsoCalled("paged_adamw_8bit")
    ADAMW_8BIT,
    /** The same under its other name. */
    ADAMW_BNB_8BIT,
    /** Averages instead of decaying the rate; {@code r}, {@code weight_lr_power}. */
    SCHEDULE_FREE_ADAMW,
    /** Orthogonal steps for matrices; {@code momentum}, {@code nesterov}, {@code ns_steps}, {@code adjust_lr_fn}. */
    MUON
}
