package io.trainer4j.train;

import io.trainer4j.train.UpdateRule.Slot;
import java.util.List;
import org.bytedeco.pytorch.global.torch;

/** Optimizers that remember one or two tensors of the parameter's shape. */
final class ClassicRules {
    private ClassicRules() {}

    /** Gradient descent with momentum; torch/optim/sgd.py. */
    static UpdateRule sgd(NamedSettings settings) {
        double momentum = settings.number("momentum", 0);
        double dampening = settings.number("dampening", 0);
        double nesterov = settings.truth("nesterov", false) ? 1 : 0;
        if (momentum == 0) {
            return new UpdateRule("""
                    def update(p: Tensor, g: Tensor, lr: float, decay: float):
                        if decay != 0.0:
                            g = g.add(p, alpha=decay)
                        p.add_(g, alpha=-lr)
                    """, List.of(), List.of());
        }
        return new UpdateRule(
                """
                def update(p: Tensor, g: Tensor, buffer: Tensor, step: Tensor, lr: float, decay: float,
                           momentum: float, dampening: float, nesterov: float):
                    if decay != 0.0:
                        g = g.add(p, alpha=decay)
                    if float(step.item()) == 0.0:
                        buffer.copy_(g)
                    else:
                        buffer.mul_(momentum).add_(g, alpha=1.0 - dampening)
                    step.add_(1.0)
                    if nesterov == 1.0:
                        p.add_(g.add(buffer, alpha=momentum), alpha=-lr)
                    else:
                        p.add_(buffer, alpha=-lr)
                """, List.of(Slot.zeros("momentum_buffer"), Slot.count()), List.of(momentum, dampening, nesterov));
    }

    /**
     * A rate for each weight that shrinks with the squares of its gradients; torch/optim/adagrad.py.
     *
     * @see <a href="https://jmlr.org/papers/v12/duchi11a.html">Adaptive Subgradient Methods</a>
     */
    static UpdateRule adagrad(NamedSettings settings) {
        return new UpdateRule(
                """
                def update(p: Tensor, g: Tensor, sum: Tensor, step: Tensor, lr: float, decay: float,
                           lr_decay: float, eps: float):
                    step.add_(1.0)
                    if decay != 0.0:
                        g = g.add(p, alpha=decay)
                    sum.addcmul_(g, g, value=1.0)
                    rate = lr / (1.0 + (float(step.item()) - 1.0) * lr_decay)
                    p.addcdiv_(g, sum.sqrt().add_(eps), value=-rate)
                """,
                List.of(Slot.zeros("sum"), Slot.count()),
                List.of(settings.number("lr_decay", 0), settings.number("eps", 1e-10)));
    }

    /** Steps divided by the running root mean square of gradients; torch/optim/rmsprop.py. */
    static UpdateRule rmsprop(NamedSettings settings) {
        double momentum = settings.number("momentum", 0);
        double centered = settings.truth("centered", false) ? 1 : 0;
        return new UpdateRule(
                """
                def update(p: Tensor, g: Tensor, square: Tensor, mean: Tensor, buffer: Tensor, lr: float, decay: float,
                           alpha: float, eps: float, momentum: float, centered: float):
                    if decay != 0.0:
                        g = g.add(p, alpha=decay)
                    square.mul_(alpha).addcmul_(g, g, value=1.0 - alpha)
                    if centered == 1.0:
                        mean.lerp_(g, 1.0 - alpha)
                        spread = square.addcmul(mean, mean, value=-1.0).sqrt_()
                    else:
                        spread = square.sqrt()
                    spread.add_(eps)
                    if momentum > 0.0:
                        buffer.mul_(momentum).addcdiv_(g, spread)
                        p.add_(buffer, alpha=-lr)
                    else:
                        p.addcdiv_(g, spread, value=-lr)
                """,
                List.of(
                        Slot.zeros("square_avg"),
                        centered == 1 ? Slot.zeros("grad_avg") : unused("grad_avg"),
                        momentum > 0 ? Slot.zeros("momentum_buffer") : unused("momentum_buffer")),
                List.of(settings.number("alpha", 0.99), settings.number("eps", 1e-8), momentum, centered));
    }

    private static Slot unused(String name) {
        return new Slot(name, parameter -> torch.zeros(new long[0]));
    }

    /**
     * Steps of one size in the direction of the sign of a momentum.
     *
     * @see <a href="https://arxiv.org/abs/2302.06675">Symbolic Discovery of Optimization Algorithms</a>
     */
    static UpdateRule lion(TrainingArguments arguments) {
        return new UpdateRule(
                """
                def update(p: Tensor, g: Tensor, momentum: Tensor, lr: float, decay: float, beta1: float, beta2: float):
                    p.mul_(1.0 - lr * decay)
                    p.add_(torch.sign(momentum.mul(beta1).add_(g, alpha=1.0 - beta1)), alpha=-lr)
                    momentum.mul_(beta2).add_(g, alpha=1.0 - beta2)
                """, List.of(Slot.zeros("exp_avg")), List.of(arguments.adamBeta1(), arguments.adamBeta2()));
    }

    /** AdamW on one tensor, for optimizers that treat only some parameters in their own way; torch/optim/adamw.py. */
    static UpdateRule adamW(TrainingArguments arguments) {
        return new UpdateRule(
                """
                def update(p: Tensor, g: Tensor, first: Tensor, second: Tensor, step: Tensor, lr: float, decay: float,
                           beta1: float, beta2: float, eps: float):
                    step.add_(1.0)
                    t = float(step.item())
                    p.mul_(1.0 - lr * decay)
                    first.lerp_(g, 1.0 - beta1)
                    second.mul_(beta2).addcmul_(g, g, value=1.0 - beta2)
                    spread = second.sqrt().div_((1.0 - beta2 ** t) ** 0.5).add_(eps)
                    p.addcdiv_(first, spread, value=-lr / (1.0 - beta1 ** t))
                """,
                List.of(Slot.zeros("exp_avg"), Slot.zeros("exp_avg_sq"), Slot.count()),
                List.of(arguments.adamBeta1(), arguments.adamBeta2(), arguments.adamEpsilon()));
    }
}
