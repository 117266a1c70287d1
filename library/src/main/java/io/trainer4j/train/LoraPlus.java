package io.trainer4j.train;

import org.bytedeco.pytorch.Tensor;

/**
 * How fast the parts of an adapter learn.
 *
 * @see <a href="https://arxiv.org/abs/2402.12354">LoRA+: Efficient Low Rank Adaptation of Large Models</a>;
 *     peft/optimizers/loraplus.py
 */
final class LoraPlus {
    /** {@code loraplus_lr_embedding} of PEFT: the learning rate of adapters on embeddings. */
    private static final double EMBEDDING_RATE = 1e-6;

    private LoraPlus() {}

    /** What the learning rate is multiplied by for a parameter. */
    static double speed(String name, Tensor parameter, TrainingArguments arguments) {
        if (arguments.loraplusLrRatio() == null) {
            return 1;
        }
        if (name.contains(".lora_embedding_")) {
            return arguments.learningRate() == 0 ? 1 : EMBEDDING_RATE / arguments.learningRate();
        }
        return name.contains(".lora_B.") || parameter.dim() == 1 ? arguments.loraplusLrRatio() : 1;
    }
}
