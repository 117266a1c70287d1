package io.trainer4j.train;

import io.trainer4j.option.AlsoCalled;

/** The optimizers; names as in {@code OptimizerNames} of transformers/training_args.py. */
public enum OptimizerNames {
    /** AdamW in libtorch's fused kernel. */
    ADAMW_TORCH_FUSED,
    /** The same; there is one AdamW here. */
    @AlsoCalled({"adamw_hf", "paged_adamw_32bit", "adamw"})
    ADAMW_TORCH,
    /** Plain gradient descent, with momentum if asked for. */
    SGD
}
