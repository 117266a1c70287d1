package io.trainer4j.train;

import org.bytedeco.pytorch.Tensor;

/** A user's own loss, as the {@code compute_loss_func} of Python's Trainer. */
@FunctionalInterface
public interface LossFunction {
    /**
     * Computes a loss that libtorch can differentiate.
     *
     * @param logits the model's scores: {@code [batch, length, vocabulary]} or {@code [batch, labels]}
     * @param labels {@code [batch, length]} with -100 where nothing is trained, not shifted; or {@code [batch]} classes;
     *     or {@code [batch]} or {@code [batch, labels]} numbers
     * @param numItemsInBatch targets in the whole accumulation group; divide a summed loss by it
     * @return a scalar
     */
    Tensor loss(Tensor logits, Tensor labels, long numItemsInBatch);
}
