package io.trainer4j.train;

import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How an optimizer moves one parameter, as TorchScript.
 *
 * @param source defines {@code update(p: Tensor, g: Tensor, [slots: Tensor], lr: float, decay: float, [settings])}, which
 *     writes to {@code p} and the slots in place; and, if {@code showing} is set, {@code show(p: Tensor, [slots: Tensor])}
 *     and {@code go_on(p: Tensor, [slots: Tensor])}
 * @param slots what is remembered between steps, in the order of the function's parameters
 * @param settings numbers or tensors; the optimizer closes the tensors
 * @param showing whether the weights to measure are not those that are trained
 */
record UpdateRule(String source, List<Slot> slots, List<Object> settings, boolean showing) {
    /**
     * One tensor that is remembered for a parameter.
     *
     * @param initial makes it from the parameter
     */
    record Slot(String name, UnaryOperator<Tensor> initial) {
        /** Zeros in the shape of the parameter. */
        static Slot zeros(String name) {
            return new Slot(name, torch::zeros_like);
        }

        /** A single zero: the count of steps. */
        static Slot count() {
            return new Slot("step", parameter -> torch.zeros(new long[0]));
        }
    }

    UpdateRule(String source, List<Slot> slots, List<Object> settings) {
        this(source, slots, settings, false);
    }
}
