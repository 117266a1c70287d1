package io.trainer4j.train;

import io.trainer4j.option.AlsoCalled;

/** The loss of a causal language model; names as in {@code loss_type} of TRL's SFTConfig. */
public enum LossType {
    /** The negative log-likelihood of each trained token. */
    @AlsoCalled("chunked_nll")
    NLL,
    /**
     * The same times the token's own probability, which counts as a constant: what the model finds unlikely pulls less.
     *
     * @see <a href="https://arxiv.org/abs/2508.05629">On the Generalization of SFT</a>; dft_loss in trl/trainer/sft_trainer.py
     */
    DFT
}
